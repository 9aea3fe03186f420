using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <content>The ways between the threads' lists, the buddy system and the reservation, and the way back to the operating system.</content>
internal sealed partial class PageAllocator
{
    private const int PageOrderAtOnce = 10;

    /// <summary>
    /// Empties all threads' lists and gives the memory of free blocks back to the system: of every free frame, or only of
    /// whole 2 MiB areas where huge pages are on. The frames stay free, and what is given back is the last to be used again. Their
    /// tables go with them. The latch is held for one block at a time.
    /// </summary>
    /// <returns>Bytes of data that had been written and were given back.</returns>
    public long Trim()
    {
        _lists.DrainAll(_freeCached);
        var bytes = DiscardFree(static (free, order) => free.WrittenBlockCount(order), givesUpHuge: true);
        DiscardTables();
        return bytes;
    }

    /// <summary>
    /// Ends allocation for good. Blocks that are out stay good until they are freed; everything else is given back to the
    /// system now, and they as they come. Addresses stay mapped, for readers that race this, until the arena is unreachable.
    /// </summary>
    public void Close()
    {
        using (_latch.Hold())
            _closed = true;
        _lists.Close(_freeCached);
        Trim();
        using (_latch.Hold())
            AfterFreeUnsynchronized(new FrameNumber(0), 0);
    }

    private bool TryTakeOrDrain(int order, FrameUses use, out uint number)
    {
        bool found;
        bool closed;
        bool wakes;
        using (_latch.Hold())
        {
            found = TryTakeUnsynchronized(order, use, out number);
            closed = _closed;
            wakes = MustWakeUnsynchronized();
        }

        if (wakes)
            WakeReclaimer?.Invoke();
        if (found || closed)
            return found;

        // What others keep may be all that is missing: neighbours that coalesce, or the last frames there are.
        _lists.DrainAll(_freeCached);
        using (_latch.Hold())
            return TryTakeUnsynchronized(order, use, out number);
    }

    private bool TryTakeUnsynchronized(int order, FrameUses use, out uint number)
    {
        number = FrameNumber.None.Value;
        var node = _buddy.LocalNode;

        // Ends: each round commits more of the reservation, or is the last.
        while (!_closed && !IsReservedUnsynchronized(1L << order))
        {
            if (_buddy.TryTakeUnsynchronized(node, order, use, out number))
                return true;
            if (!_arena.TryCommitNextArea(CapacityFrames + _retiredFrames, out var first, out var count))
                return _buddy.TryTakeElsewhereUnsynchronized(node, order, use, out number);
            AddUnsynchronized(first, count, node);
        }

        return false;
    }

    private void AddUnsynchronized(uint first, uint count, int node)
    {
        node = _buddy.AddUnsynchronized(first, count, node);
        if (_buddy.Nodes > 1)
            _arena.PreferNode(first, count, _buddy.SystemNumber(node));
    }

    /// <summary>Takes a batch of single frames: the first for the caller, the others, if there are free ones, into its list.</summary>
    private bool TryRefill(FrameUses use, out FrameNumber frame)
    {
        Span<uint> batch = stackalloc uint[PageAllocatorOptions.LargestBatch];
        var taken = 0;
        bool wakes;
        using (_latch.Hold())
        {
            if (TryTakeUnsynchronized(0, use, out batch[0]))
                taken = 1;
            while (taken is > 0 && taken < _batch && !IsReservedUnsynchronized(1) && _buddy.TryTakeUnsynchronized(_buddy.NodeOf(batch[0]), 0, FrameUses.Both, out batch[taken]))
                _frames.Frame(batch[taken++]).State = FrameState.Cached;
            wakes = MustWakeUnsynchronized();
        }

        if (wakes)
            WakeReclaimer?.Invoke();

        if (taken == 0)
        {
            var found = TryTakeOrDrain(0, use, out var number);
            frame = new FrameNumber(number);
            return found;
        }

        frame = new FrameNumber(batch[0]);
        var kept = 1 + _lists.Current.Refill(batch[1..taken]);
        if (kept < taken)
            FreeCached(batch[kept..taken]);
        GC.KeepAlive(this);
        return true;
    }

    private bool TryCache(uint number)
    {
        _frames.Frame(number).State = FrameState.Cached;
        var list = _lists.Current;
        var pushed = list.TryPush(number);
        GC.KeepAlive(this);
        if (pushed)
            return true;

        // Full: the frames that lay longest go back, so that the buddy can merge them, and this one takes their place.
        Span<uint> oldest = stackalloc uint[PageAllocatorOptions.LargestBatch];
        var taken = list.TakeOldest(oldest[.._batch]);
        if (taken != 0)
            FreeCached(oldest[..taken]);
        pushed = taken != 0 && list.TryPush(number);
        GC.KeepAlive(this);
        return pushed;
    }

    private void FreeCached(ReadOnlySpan<uint> numbers)
    {
        using var scope = _latch.Hold();
        foreach (var number in numbers)
        {
            _buddy.FreeUnsynchronized(number, 0);
            AfterFreeUnsynchronized(new FrameNumber(number), 1);
        }
    }

    private void RetireUnsynchronized(uint number)
    {
        ref var frame = ref _frames.Frame(number);
        frame.State = FrameState.Retired;
        frame.Order = 0;
        _retiredFrames++;
        DiscardUnsynchronized(new FrameNumber(number), 1, givesUpHuge: false);
    }

    /// <param name="blockCount">How many blocks of an order, of those of a node; called under the latch.</param>
    /// <param name="givesUpHuge">As of <see cref="PageArena.TryDiscard"/>.</param>
    private long DiscardFree(Func<FreeBlockLists, int, int> blockCount, bool givesUpHuge)
    {
        long bytes = 0;
        for (var order = _arena.DiscardOrder; order <= MaxOrder && _arena.DiscardGivesBack; order++)
        {
            for (var node = 0; node < _buddy.Nodes; node++)
                bytes += DiscardFree(_buddy.FreeBlocks(node), order, blockCount, givesUpHuge);
        }

        return bytes;
    }

    private long DiscardFree(FreeBlockLists free, int order, Func<FreeBlockLists, int, int> blockCount, bool givesUpHuge)
    {
        long bytes = 0;
        int blocks;
        using (_latch.Hold())
            blocks = blockCount(free, order);
        for (; blocks > 0; blocks--)
        {
            using (_latch.Hold())
                bytes += DiscardNextUnsynchronized(free, order, givesUpHuge);
        }

        return bytes;
    }

    private long DiscardNextUnsynchronized(FreeBlockLists free, int order, bool givesUpHuge)
    {
        if (!free.TryFindWritten(order, out var head))
            return 0;
        long bytes = 0;
        for (var number = head; number < head + (1u << order); number++)
            bytes += _frames.Frame(number).Content == FrameContent.Written ? PageOrder.FrameBytes : 0;

        // Out and in again: at the end of its list, and of the clean one if its memory is gone.
        free.Remove(head);
        var given = DiscardUnsynchronized(new FrameNumber(head), 1L << order, givesUpHuge);
        if (given)
            _frames.DiscardUnsynchronized(head, 1u << order);
        free.Add(head, order, given);
        return given ? bytes : 0;
    }

    /// <summary>Gives the memory of the pages that lie wholly within a range of an allocated block back to the system; its owner uses none of them. They stay allocated, with any content.</summary>
    /// <param name="block">The block's first frame.</param>
    /// <param name="startBytes">Where the range starts, from the block's start.</param>
    /// <param name="endBytes">Where it ends.</param>
    public void DiscardWithin(FrameNumber block, long startBytes, long endBytes)
    {
        var (first, frameCount) = _arena.PagesWithin(block, startBytes, endBytes);
        if (frameCount == 0)
            return;
        using (_latch.Hold())
        {
            if (_arena.TryDiscard(first, frameCount, givesUpHuge: false, out _))
                _discardedBytes += frameCount << PageOrder.FrameShift;
        }
    }

    /// <summary>
    /// Gives back the tables of every free block. Those of a block go with its memory, but blocks too small to fill a page of a table may have been given back
    /// one by one before they merged. The latch is held for some 4 MiB at a time, or an area if that is more.
    /// </summary>
    private void DiscardTables()
    {
        var framesAtOnce = 1u << Math.Max(MaxOrder, PageOrderAtOnce);
        for (uint area = 0; area < _frames.CommittedFrames && _frames.CanDiscard; area += framesAtOnce)
        {
            using var scope = _latch.Hold();
            var end = Math.Min(area + framesAtOnce, _frames.CommittedFrames);

            // Ends: each turn is a frame at least. No block reaches over the end of its area.
            for (var head = area; head < end;)
            {
                ref var frame = ref _frames.Frame(head);
                var isFree = IsFree(in frame);
                if (isFree)
                    _frames.DiscardUnsynchronized(head, 1u << frame.Order);
                head += isFree ? 1u << frame.Order : 1;
            }
        }
    }

    [Glance("A frame in use may go into a thread's list or come out of one meanwhile, and is not free either way; what is free becomes so, and ceases to be, under the latch.")]
    private static bool IsFree(ref readonly PageFrame frame) => frame.State == FrameState.Free;

    private bool DiscardUnsynchronized(FrameNumber first, long frameCount, bool givesUpHuge)
    {
        if (frameCount < 1L << _arena.DiscardOrder || !_arena.TryDiscard(first, frameCount, givesUpHuge, out var content))
            return false;
        _discardedBytes += frameCount << PageOrder.FrameShift;
        for (var i = 0; i < frameCount; i++)
            _frames.Frame((first + i).Value).Content = content;
        return true;
    }

    private void AfterFreeUnsynchronized(FrameNumber first, long frameCount)
    {
        if (!_closed)
            return;

        // Nothing is handed out any more, so what the frames' entries say of their content no longer matters.
        if (_frames.CommittedFrames - _retiredFrames == _buddy.FreeFrames)
            _arena.DiscardAll();
        else if (frameCount >= 1L << _arena.DiscardOrder)
            _arena.TryDiscard(first, frameCount, givesUpHuge: true, out _);
    }
}
