namespace FolioRuntime.Race.Soaking;

/// <summary>What it costs to wear runtimes out.</summary>
internal sealed record SoakReport
{
    public required double Seconds { get; init; }

    public required long Operations { get; init; }

    /// <summary>Runtimes worn out entirely.</summary>
    public required int LivesEnded { get; init; }

    public required long WordsRetired { get; init; }

    public required long SlabsGivenBack { get; init; }

    public required long StaleRejected { get; init; }

    /// <summary>The moment at which most memory was lost in retired slots.</summary>
    public required LossSample Peak { get; init; }

    /// <summary>The last moment.</summary>
    public required LossSample End { get; init; }

    /// <summary>Moments at which more than the bound was lost.</summary>
    public required long BeyondBound { get; init; }

    /// <summary>Broken promises of other kinds, and frames lost.</summary>
    public required long Violations { get; init; }

    /// <summary>The error of the last runtime that ended; null: none did.</summary>
    public required string? LastWords { get; init; }
}
