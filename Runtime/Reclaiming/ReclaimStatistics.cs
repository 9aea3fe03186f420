namespace FolioRuntime.Reclaiming;

/// <summary>What the background reclaimer of a runtime has done. All 0 where <see cref="PoolRuntimeOptions.TrimInterval"/> turned it off. Immutable.</summary>
public sealed record ReclaimStatistics
{
    /// <summary>Times it looked.</summary>
    public required long Looks { get; init; }

    /// <summary>Of these, those that found memory short and trimmed everything.</summary>
    public required long LooksUnderPressure { get; init; }

    /// <summary>Of all, those that ended in an exception, which was reported as <see cref="Lifetimes.ViolationKind.ReclaimFailed"/>.</summary>
    public required long LooksFailed { get; init; }

    /// <summary>Bytes that it gave back to the system.</summary>
    public required long BytesGivenBack { get; init; }
}
