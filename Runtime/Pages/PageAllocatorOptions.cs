using FolioRuntime.Platform;

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

    /// <summary>Frames that stay for those who free memory while they do so, once there is somebody to use them. 0: none. <see cref="PageAllocator.AddReserveUser"/></summary>
    public long MinFrames { get; init; }

    /// <summary>When fewer could still be handed out, somebody is woken to free some. 0: nobody ever is.</summary>
    public long LowFrames { get; init; }

    /// <summary>How many he frees until there are.</summary>
    public long HighFrames { get; init; }

    /// <summary>The nodes of memory to tell apart.</summary>
    public INumaTopology Topology { get; init; } = OneNode.Instance;

    public const int LargestBatch = 64;
}
