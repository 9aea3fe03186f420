namespace FolioRuntime.Caching.Verifying;

/// <summary>What a page is read by.</summary>
internal enum ReadWay
{
    /// <summary>A few bytes, mostly by an optimistic read.</summary>
    Small,

    /// <summary>Up to some pages, under references.</summary>
    Large,

    /// <summary>The page itself, held for a while.</summary>
    Folio,

    /// <summary>Awaited, and sometimes given up.</summary>
    Async,
}
