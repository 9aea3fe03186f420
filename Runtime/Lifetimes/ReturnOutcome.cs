namespace FolioRuntime.Lifetimes;

/// <summary>What a return by handle did. Exactly one return per generation ends in one of the first two.</summary>
internal enum ReturnOutcome
{
    /// <summary>The generation is over: the caller must destroy the object.</summary>
    MustDestroy,

    /// <summary>The owner's hold is gone; the last of the remaining references destroys the object.</summary>
    Deferred,

    /// <summary>Same generation, but the owner's hold is already gone: a second return, or an object that was never rented. Nothing changed.</summary>
    NotOwned,

    /// <summary>Another generation: the object was freed before. Nothing changed.</summary>
    Stale,

    /// <summary>The object is frozen by someone. Nothing changed.</summary>
    Frozen,
}
