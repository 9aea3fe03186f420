using System.Globalization;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// What a runtime's page allocator holds, in frames of 4 KiB. Allocated + free + retired = committed whenever no operation
/// is under way. Immutable.
/// </summary>
public sealed record PageStatistics
{
    /// <summary>Most frames that may be allocated or free at a time.</summary>
    public required long CapacityFrames { get; init; }

    /// <summary>Frames taken from the reservation so far; never decreases.</summary>
    public required long CommittedFrames { get; init; }

    /// <summary>Frames in folios and slabs.</summary>
    public required long AllocatedFrames { get; init; }

    /// <summary>Frames ready to be handed out, those in threads' lists included.</summary>
    public required long FreeFrames { get; init; }

    /// <summary>Frames in threads' lists. Part of <see cref="FreeFrames"/>.</summary>
    public required long CachedFrames { get; init; }

    /// <summary>Frames never to be handed out again, because every generation of their handles is spent. They take no memory.</summary>
    public required long RetiredFrames { get; init; }

    /// <summary>Address space reserved for data, in bytes.</summary>
    public required long ReservedBytes { get; init; }

    /// <summary>Address space reserved for the frame table, in bytes.</summary>
    public required long TableReservedBytes { get; init; }

    /// <summary>Bytes given back to the operating system in all, by trimming.</summary>
    public required long DiscardedBytes { get; init; }

    /// <summary>Areas, of <see cref="PoolRuntimeOptions.MaxOrder"/>, whose memory is explicit huge pages. <see cref="Platform.HugePageMode.Explicit"/></summary>
    public required long HugeAreas { get; init; }

    /// <summary>Areas, or parts of one, for which the system had no explicit huge pages: they are as with <see cref="Platform.HugePageMode.Transparent"/>.</summary>
    public required long HugeAreasRefused { get; init; }

    /// <summary>The same by node of memory, at least one.</summary>
    public required IReadOnlyList<PageNodeStatistics> Nodes { get; init; }

    /// <summary>Free blocks of 2^index frames each; frames in threads' lists are in none. Linux: <c>/proc/buddyinfo</c>.</summary>
    public required IReadOnlyList<int> FreeBlocksByOrder { get; init; }

    /// <summary>
    /// For each order: -1 if a block of it is free; otherwise why not, from 0 (too little free memory) to 1 (free memory in
    /// pieces). Linux: <c>extfrag_index</c>.
    /// </summary>
    public required IReadOnlyList<double> FragmentationIndexByOrder { get; init; }

    /// <summary>Two lines: the sizes, and the free blocks by order as in <c>/proc/buddyinfo</c>.</summary>
    public override string ToString()
    {
        var blocks = string.Join(' ', FreeBlocksByOrder.Select((count, order) => string.Create(CultureInfo.InvariantCulture, $"{order}:{count}")));
        return $"pages: capacity {Bytes(CapacityFrames)}, committed {Bytes(CommittedFrames)}, allocated {Bytes(AllocatedFrames)}, "
            + $"free {Bytes(FreeFrames)}, in threads' lists {Bytes(CachedFrames)}, retired {Bytes(RetiredFrames)}{Environment.NewLine}free blocks by order: {blocks}";

        static ByteCount Bytes(long frames) => new(frames << PageOrder.FrameShift);
    }
}
