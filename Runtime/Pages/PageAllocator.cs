using System.Runtime.CompilerServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// Hands out blocks of frames: from the calling thread's list (single frames), then the buddy system, then a new area, and
/// before it gives up from what other threads keep. Thread-safe.
/// <code>
///   thread list (no lock)  ⇄ a batch ⇄  buddy (latch)  ←  next area (commit)  ←  reservation
/// </code>
/// Latches: the thread lists' own, then this one; never the other way round. Under this one there is no user code, and the
/// only system calls are commit and discard.
/// L8: allocated + free + retired = committed whenever no operation is under way.   [PageAllocatorTests.L8_…]
/// Linux: <c>alloc_pages</c>, <c>free_pages</c>, per-CPU page lists.
/// </summary>
internal sealed partial class PageAllocator
{
    private readonly PageArena _arena;
    private readonly FrameTable _frames;
    private readonly NodeBuddies _buddy;

    // Of the nodes' business, what the way through threads' lists asks for each time.
    private readonly FreeBlockLists _freeOfFirstNode;
    private readonly bool _isOneNode;
    private readonly Latch _latch = new();
    private readonly ThreadStackSet _lists;
    private readonly ThreadStackSink _freeCached;
    private readonly int _batch;

    // Under the latch.
    private bool _closed;
    private long _retiredFrames;
    private long _discardedBytes;

    public PageAllocator(PageArena arena, PageAllocatorOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.CapacityFrames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ThreadListBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ThreadListBatch, PageAllocatorOptions.LargestBatch);
        _arena = arena;
        _frames = arena.Frames;
        _buddy = new NodeBuddies(arena.Frames, arena.MaxOrder, options.Topology);
        _freeOfFirstNode = _buddy.FreeBlocks(0);
        _isOneNode = _buddy.Nodes == 1;
        _freeCached = FreeCached;
        _lists = new ThreadStackSet(options.ThreadListCapacity, _freeCached);
        _batch = options.ThreadListBatch;
        CapacityFrames = Math.Min(options.CapacityFrames, arena.Frames.FrameCount);
        Invariant.Require(options.MinFrames >= 0 && options.MinFrames <= options.LowFrames && options.LowFrames <= options.HighFrames, "watermarks rise");
        (_minFrames, _lowFrames, _highFrames) = (options.MinFrames, options.LowFrames, options.HighFrames);
    }

    public PageArena Arena => _arena;

    public FrameTable Frames => _frames;

    public int MaxOrder => _buddy.MaxOrder;

    /// <summary>
    /// Takes a block of 2^order frames for one use. On success its head is marked allocated and of this order, its other
    /// frames point to the head, and the caller owns them until <see cref="Free"/>.
    /// </summary>
    /// <returns>False: capacity, the reservation or the system's memory is exhausted, or the allocator is closed. Nothing has changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No block has this order.</exception>
    public bool TryAllocate(int order, FrameUses use, out FrameNumber frame)
    {
        RequireOrder(order);
        Invariant.Check(use is FrameUses.Folio or FrameUses.Slab, "a block is asked for one use");
        uint number;
        if (order != 0 || _freeOfFirstNode.HasFrameOnlyFor(use) || (!_isOneNode && _buddy.HasFrameOnlyFor(use)))
        {
            var found = TryTakeOrDrain(order, use, out number);
            frame = new FrameNumber(number);
            return found;
        }

        if (_lists.Current.TryPop(out number))
        {
            ref var entry = ref _frames.Frame(number);
            Invariant.Require(entry.State == FrameState.Cached, "a frame in a thread's list is nobody else's");
            entry.State = FrameState.Allocated;
            frame = new FrameNumber(number);
            GC.KeepAlive(this);
            return true;
        }

        return TryRefill(use, out frame);
    }

    /// <summary>
    /// As <see cref="TryAllocate"/> for any number of frames: takes the smallest block that holds them and gives the frames
    /// beyond back. The head's order is the block's; the caller remembers the count. Linux: <c>alloc_pages_exact</c>.
    /// </summary>
    public bool TryAllocateExact(int frameCount, FrameUses use, out FrameNumber frame)
    {
        var order = OrderOf(frameCount);
        if (!TryAllocate(order, use, out frame))
            return false;
        var surplus = (1 << order) - frameCount;
        if (surplus == 0)
            return true;
        using (_latch.Hold())
            _buddy.FreeRangeUnsynchronized((frame + frameCount).Value, (uint)surplus);
        return true;
    }

    /// <summary>Gives a block back. The caller has ended every use of it.</summary>
    public void Free(FrameNumber frame, int order)
    {
        RequireOrder(order);
        ref var entry = ref _frames.Frame(frame.Value);
        Invariant.Require(entry.State == FrameState.Allocated && entry.Order == order, "what is freed is an allocated block of this order");
        MarkWritten(frame, 1 << order);
        if (order == 0 && entry.UnfitFor == FrameUses.None && (_isOneNode || _buddy.IsLocal(frame.Value)) && TryCache(frame.Value))
            return;
        using (_latch.Hold())
        {
            _buddy.FreeUnsynchronized(frame.Value, order);
            AfterFreeUnsynchronized(frame, 1L << order);
        }
    }

    /// <summary>Gives back what <see cref="TryAllocateExact"/> gave out.</summary>
    public void FreeExact(FrameNumber frame, int frameCount) => SetAside(frame, frameCount, FrameUses.None);

    /// <summary>
    /// Gives a block back whose generations are spent for a use: for <see cref="FrameUses.Folio"/> that of its head, for
    /// <see cref="FrameUses.Slab"/> those of all its frames. The frames serve the other use from now on, or stand inside a
    /// block that another frame heads; one that is spent for both is retired for good, and its memory discarded. Only the
    /// words are worn, so no memory is lost before that.
    /// </summary>
    public void SetAside(FrameNumber frame, int frameCount, FrameUses unfitFor)
    {
        var order = OrderOf(frameCount);
        ref var entry = ref _frames.Frame(frame.Value);
        Invariant.Require(entry.State == FrameState.Allocated && entry.Order == order, "what is freed is an allocated block of this size");
        MarkWritten(frame, frameCount);
        using var scope = _latch.Hold();
        entry.State = FrameState.Tail;
        entry.UnfitFor |= unfitFor & FrameUses.Folio;
        var start = frame.Value;
        var end = start + (uint)frameCount;
        for (var number = start; number < end; number++)
        {
            ref var member = ref _frames.Frame(number);
            member.UnfitFor |= unfitFor & FrameUses.Slab;
            if (member.UnfitFor != FrameUses.Both)
                continue;
            _buddy.FreeRangeUnsynchronized(start, number - start);
            RetireUnsynchronized(number);
            start = number + 1;
        }

        _buddy.FreeRangeUnsynchronized(start, end - start);
        AfterFreeUnsynchronized(frame, frameCount);
    }

    /// <summary>Turns an allocated block into blocks of a lower order, all allocated, by its owner. Content stays.</summary>
    public void Split(FrameNumber frame, int order, int partOrder)
    {
        RequireOrder(order);
        ArgumentOutOfRangeException.ThrowIfNegative(partOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partOrder, order);
        ref var entry = ref _frames.Frame(frame.Value);
        Invariant.Require(entry.State == FrameState.Allocated && entry.Order == order, "what is split is an allocated block of this order");
        using (_latch.Hold())
            _buddy.SplitAllocatedUnsynchronized(frame.Value, order, partOrder);
    }

    /// <summary>Whether the memory of frames just allocated is zero without being cleared.</summary>
    public bool IsKnownZero(FrameNumber frame, int frameCount = 1)
    {
        for (var i = 0; i < frameCount; i++)
        {
            if (_frames.Frame((frame + i).Value).Content != FrameContent.Zero)
                return false;
        }

        return true;
    }

    /// <summary>Zeroes frames just allocated, except those that are known to be zero.</summary>
    public unsafe void Clear(FrameNumber frame, int frameCount)
    {
        for (var i = 0; i < frameCount; i++)
        {
            if (_frames.Frame((frame + i).Value).Content == FrameContent.Zero)
                continue;

            // SAFETY: the caller owns the frame, whose data is committed and mapped while the arena is reachable, which this object sees to.
            new Span<byte>((void*)_arena.Address(frame + i), PageOrder.FrameBytes).Clear();
        }

        GC.KeepAlive(this);
    }

    /// <summary>Smallest order whose block holds this many frames.</summary>
    private int OrderOf(int frameCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameCount, 1 << MaxOrder);
        return PageOrder.ForBytes((long)frameCount << PageOrder.FrameShift).Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RequireOrder(int order)
    {
        if ((uint)order > (uint)MaxOrder)
            throw new ArgumentOutOfRangeException(nameof(order), order, $"Orders of this allocator are 0 to {MaxOrder}.");
    }

    private void MarkWritten(FrameNumber frame, int frameCount)
    {
        for (var i = 0; i < frameCount; i++)
            _frames.Frame((frame + i).Value).Content = FrameContent.Written;
    }
}
