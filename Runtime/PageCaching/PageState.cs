namespace FolioRuntime.PageCaching;

/// <summary>What a page's number is used for. Changed under the latch of the <see cref="PageTable"/> only.</summary>
internal enum PageState
{
    /// <summary>Nothing.</summary>
    Free,

    /// <summary>Somebody has it and is about to add a page, or has taken one out and is about to release it.</summary>
    Reserved,

    /// <summary>A page that is in the cache. The cache has a counted reference on its folio.</summary>
    Cached,

    /// <summary>One of the other pages of a folio, whose first page's number is in one of the last two states.</summary>
    Tail,
}
