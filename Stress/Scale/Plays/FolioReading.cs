namespace FolioRuntime.Scale.Plays;

/// <summary>How <see cref="ReadFolio"/> reads.</summary>
internal enum FolioReading
{
    /// <summary>Without a hold, validated afterwards.</summary>
    Optimistic,

    /// <summary>Under a counted reference.</summary>
    Counted,

    /// <summary>Under a pin.</summary>
    Pinned,
}
