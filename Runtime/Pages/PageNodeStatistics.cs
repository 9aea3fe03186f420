namespace FolioRuntime.Pages;

/// <summary>What one node of memory has, in frames of 4 KiB; on a machine with one, all there is. Immutable. Linux: <c>/sys/devices/system/node/node0/numastat</c>.</summary>
public sealed record PageNodeStatistics
{
    /// <summary>The system's number of the node.</summary>
    public required int Node { get; init; }

    /// <summary>Frames taken from the reservation for it so far. Over all nodes they are <see cref="PageStatistics.CommittedFrames"/>.</summary>
    public required long CommittedFrames { get; init; }

    /// <summary>Of these, frames in free blocks. Over all nodes they are <see cref="PageStatistics.FreeFrames"/> less <see cref="PageStatistics.CachedFrames"/>.</summary>
    public required long FreeFrames { get; init; }

    /// <summary>Blocks taken out by threads of this node. Linux: <c>numa_hit</c>.</summary>
    public required long LocalBlocks { get; init; }

    /// <summary>Blocks taken out by threads of other nodes, which had none. Linux: <c>numa_miss</c>.</summary>
    public required long RemoteBlocks { get; init; }
}
