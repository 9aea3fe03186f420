namespace FolioRuntime.Lifetimes;

/// <summary>What a <see cref="Lifetime.Put"/> did.</summary>
internal enum PutOutcome
{
    /// <summary>The reference is dropped; others hold the object, or someone else ends it.</summary>
    Dropped,

    /// <summary>The caller dropped the last one and alone ended the generation: it must destroy the object.</summary>
    MustDestroy,

    /// <summary>A put without a get: the word is dead, in another generation, or went below zero. Added back where the word is live.</summary>
    Surplus,
}
