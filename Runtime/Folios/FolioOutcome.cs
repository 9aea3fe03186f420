namespace FolioRuntime.Folios;

/// <summary>What became of an operation on a folio by its handle or reference.</summary>
public enum FolioOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>The folio lives, but is frozen, is being changed, or has other references. Nothing was done; trying again may succeed.</summary>
    TryAgain,

    /// <summary>The handle's folio is gone, or never was in this runtime. Nothing was done, and never will be with this handle.</summary>
    Stale,

    /// <summary>The folio has 2^28 references. Nothing was done.</summary>
    Saturated,

    /// <summary>The frames would have to head folios, and the generations of one of them are spent. Nothing was done, and these frames never will be split so.</summary>
    Worn,
}
