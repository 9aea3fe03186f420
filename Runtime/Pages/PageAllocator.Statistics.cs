using System.Globalization;
using System.Text;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <content>Counts, snapshots, the error for exhaustion, and the audit.</content>
internal sealed partial class PageAllocator
{
    /// <summary>Most frames that may be allocated or free at a time; retired ones don't count.</summary>
    public long CapacityFrames { get; }

    /// <summary>Frames in folios and slabs. Exact when no operation is under way, as are the other counts.</summary>
    public long AllocatedFrames
    {
        get
        {
            var cached = CachedFrames;
            using (_latch.Hold())
                return Math.Max(0, _frames.CommittedFrames - _retiredFrames - _buddy.FreeFrames - cached);
        }
    }

    /// <summary>Frames ready to be handed out: the buddy's and those in threads' lists.</summary>
    public long FreeFrames
    {
        get
        {
            var cached = CachedFrames;
            using (_latch.Hold())
                return _buddy.FreeFrames + cached;
        }
    }

    public long RetiredFrames
    {
        get
        {
            using (_latch.Hold())
                return _retiredFrames;
        }
    }

    public long CommittedFrames => _frames.CommittedFrames;

    /// <summary>Frames in threads' lists.</summary>
    public long CachedFrames => _lists.CachedCount;

    public bool IsClosed
    {
        get
        {
            using (_latch.Hold())
                return _closed;
        }
    }

    /// <summary>Names who holds most, for the error on exhaustion. Called with no latch held.</summary>
    public Func<string>? DescribeHolders { get; set; }

    /// <summary>Frees some memory, given how often it was called for this allocation before; false if there is no more. Called with no latch held. <see cref="DirectReclaim"/></summary>
    public Func<int, bool>? Reclaim { get; set; }

    /// <summary>The counts at one moment; those of the threads' lists are a glance.</summary>
    public PageStatistics Snapshot()
    {
        var cached = CachedFrames;
        using var scope = _latch.Hold();
        var blocks = new int[MaxOrder + 1];
        for (var order = 0; order <= MaxOrder; order++)
            blocks[order] = _buddy.BlockCount(order);
        var indexes = new double[MaxOrder + 1];
        for (var order = 0; order <= MaxOrder; order++)
            indexes[order] = FragmentationIndex.Of(order, blocks);
        var committed = _frames.CommittedFrames;
        return new PageStatistics
        {
            CapacityFrames = CapacityFrames,
            CommittedFrames = committed,
            AllocatedFrames = Math.Max(0, committed - _retiredFrames - _buddy.FreeFrames - cached),
            FreeFrames = _buddy.FreeFrames + cached,
            CachedFrames = cached,
            RetiredFrames = _retiredFrames,
            ReservedBytes = _arena.ReservedBytes,
            TableReservedBytes = _frames.ReservedBytes,
            DiscardedBytes = _discardedBytes,
            HugeAreas = _arena.HugeAreas,
            HugeAreasRefused = _arena.HugeAreasRefused,
            Nodes = _buddy.Statistics(),
            FreeBlocksByOrder = blocks,
            FragmentationIndexByOrder = indexes,
        };
    }

    /// <summary>The error for a caller that has no other way to say that <see cref="TryAllocate"/> failed.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="use">What for: free memory may be there that can't serve it any more.</param>
    public OutOfMemoryException Exhausted(int order, FrameUses use)
    {
        var now = Snapshot();
        long worn;
        using (_latch.Hold())
            worn = _buddy.WornFrameCount(use);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"No {new ByteCount(new PageOrder(order).Bytes)} block is left: capacity {Bytes(now.CapacityFrames)}, ");
        text.Append(CultureInfo.InvariantCulture, $"in use {Bytes(now.AllocatedFrames)}, free {Bytes(now.FreeFrames)} (largest block {LargestFree(now)}), retired {Bytes(now.RetiredFrames)}.");
        if (worn > 0)
            text.Append(CultureInfo.InvariantCulture, $" Of what is free, {Bytes(worn)} can't begin a {(use == FrameUses.Folio ? "folio" : "slab")} any more: the generations of its handles are spent.");
        if (DescribeHolders?.Invoke() is { Length: > 0 } holders)
            text.Append(' ').Append(holders);
        var cause = _arena.LastCommitFailure;
        if (cause is not null)
            text.Append(" The system refused more memory: ").Append(cause.Message);
#pragma warning disable CA2201 // Reserved for runtimes, says the rule; this is memory running out, and callers catch what they would catch for an array.
        return new OutOfMemoryException(text.ToString(), cause);
#pragma warning restore CA2201

        static ByteCount Bytes(long frames) => new(frames << PageOrder.FrameShift);
    }

    /// <summary>Audits lists, table and counts. O(frames).</summary>
    public bool IsValid()
    {
        using (_latch.Hold())
            return _buddy.IsValidUnsynchronized();
    }

    private static string LargestFree(PageStatistics statistics)
    {
        for (var order = statistics.FreeBlocksByOrder.Count - 1; order >= 0; order--)
        {
            if (statistics.FreeBlocksByOrder[order] != 0)
                return new ByteCount(new PageOrder(order).Bytes).ToString();
        }

        return "none";
    }
}
