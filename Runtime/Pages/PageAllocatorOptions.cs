namespace FolioRuntime.Pages;

/// <summary>Limits of a page allocator.</summary>
internal sealed record PageAllocatorOptions
{
    /// <summary>Most frames that may be in use or ready for use at a time; the reservation bounds it too.</summary>
    public long CapacityFrames { get; init; } = long.MaxValue;

    /// <summary>Frames that one thread may keep for itself. 0: none.</summary>
    public int ThreadListCapacity { get; init; } = 64;

    /// <summary>Frames that move between a thread's list and the buddy at a time; at least 1, at most <see cref="LargestBatch"/>.</summary>
    public int ThreadListBatch { get; init; } = 16;

    public const int LargestBatch = 64;
}
