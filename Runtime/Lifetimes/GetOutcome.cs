namespace FolioRuntime.Lifetimes;

/// <summary>What a <see cref="Lifetime.TryGet"/> found and what its caller must do.</summary>
internal enum GetOutcome
{
    /// <summary>The caller holds one reference and must put it.</summary>
    Got,

    /// <summary>Dead in the handle's own generation: frozen, or rented exclusively. Nothing is held; trying again may succeed.</summary>
    NotNow,

    /// <summary>The handle's object was freed, or never existed here. Nothing is held.</summary>
    Stale,

    /// <summary>As <see cref="Stale"/>, and dropping the reference taken by mistake made the caller the last holder of a stranger: the caller must destroy it.</summary>
    StaleMustDestroy,

    /// <summary>More than <see cref="LifetimeWord.ReferenceLimit"/> references. Nothing is held.</summary>
    Saturated,

    /// <summary>As <see cref="Saturated"/>, and every other holder left meanwhile: the caller must destroy the object.</summary>
    SaturatedMustDestroy,
}
