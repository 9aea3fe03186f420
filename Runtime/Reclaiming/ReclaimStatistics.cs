namespace FolioRuntime.Reclaiming;

/// <summary>How a runtime has got memory back: in the background, where <see cref="PoolRuntimeOptions.TrimInterval"/> didn't turn that off, and in allocations that found none. Immutable.</summary>
public sealed record ReclaimStatistics
{
    /// <summary>Times it looked in the background.</summary>
    public required long Looks { get; init; }

    /// <summary>Of these, those that found memory short and trimmed everything.</summary>
    public required long LooksUnderPressure { get; init; }

    /// <summary>Of all, those that ended in an exception, which was reported as <see cref="Lifetimes.ViolationKind.ReclaimFailed"/>.</summary>
    public required long LooksFailed { get; init; }

    /// <summary>Times that an allocation woke it because less than <see cref="PoolRuntimeOptions.LowWatermark"/> was left.</summary>
    public required long WakeUps { get; init; }

    /// <summary>Bytes that it gave back to the system in the background.</summary>
    public required long BytesGivenBack { get; init; }

    /// <summary>Allocations that found no memory and tried to free some themselves.</summary>
    public required long DirectReclaims { get; init; }

    /// <summary>What shrinkers said they freed, in units of their own.</summary>
    public required long ObjectsShrunk { get; init; }

    /// <summary>Calls of shrinkers that ended in an exception, which was reported as <see cref="Lifetimes.ViolationKind.ReclaimFailed"/>.</summary>
    public required long ShrinkersFailed { get; init; }
}
