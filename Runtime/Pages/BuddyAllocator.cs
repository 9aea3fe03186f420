using System.Numerics;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// The binary buddy system over the committed frames: blocks of 2^order frames, naturally aligned, split on the way out and
/// coalesced on the way in. Which of two buddies is free, and of what order, is one look at the other's frame.
/// <code>
///   take order 0:   [ order 2           ]  →  [ order 0 ][ order 0 free ][ order 1 free   ]
///   its free:       buddy = frame XOR 2^order; free and of the same order?  merge, and look again one order up
/// </code>
/// Best fit: the smallest block that is large enough, so partly used areas are used up before an untouched one is split.
/// Blocks whose head can't serve a use are passed over for it, and split where another part can.
/// Invariants [BuddyPropertyTests]: free blocks are disjoint and maximal; a block is on the list its head names; frames =
/// free + taken (L8). The caller holds the page allocator's latch. Linux: <c>mm/page_alloc.c</c>.
/// </summary>
internal sealed class BuddyAllocator
{
    /// <summary>After 2^this takes another part of a block is preferred, so that a hot block's wear moves round its area while caches stay warm in between.</summary>
    private const int TurnShift = 16;

    private readonly FrameTable _frames;
    private readonly FreeBlockLists _free;
    private readonly int _maxOrder;
    private uint _takes;

    public BuddyAllocator(FrameTable frames, int maxOrder)
    {
        _frames = frames;
        _maxOrder = maxOrder;
        _free = new FreeBlockLists(frames);
    }

    public int MaxOrder => _maxOrder;

    public long FreeFrames => _free.FrameCount;

    public FreeBlockLists FreeBlocks => _free;

    /// <summary>Takes a block for a use. Its head is allocated and of this order; its other frames point to the head.</summary>
    /// <returns>False: no free block large enough has a part that serves the use.</returns>
    public bool TryTakeUnsynchronized(int order, FrameUses use, out uint head)
    {
        if (_free.TryFindFit(order, use, out var block))
            head = PartToTake(block, order, use);
        else if (!_free.TryFindInside(order, use, out block, out head))
            return false;
        Carve(block, order, head);
        MarkAllocated(head, order);
        return true;
    }

    /// <summary>Gives a block back and merges it with its free buddies.</summary>
    public void FreeUnsynchronized(uint head, int order)
    {
        ref var frame = ref _frames.Frame(head);
        Invariant.Require(frame.State is FrameState.Allocated or FrameState.Cached && frame.Order == order, "what is freed is an allocated block of this order");
        frame.State = FrameState.Tail;
        Coalesce(head, order, IsClean(head, 1u << order));
    }

    /// <summary>Gives back frames that need not be one block: the largest aligned blocks they hold. None of them heads anything.</summary>
    public void FreeRangeUnsynchronized(uint first, uint count)
    {
        // Ends: each round gives back at least one frame.
        while (count != 0)
        {
            var order = Math.Min(Math.Min(BitOperations.TrailingZeroCount(first), BitOperations.Log2(count)), _maxOrder);
            Coalesce(first, order, IsClean(first, 1u << order));
            first += 1u << order;
            count -= 1u << order;
        }
    }

    /// <summary>Turns one allocated block into several of a lower order, all allocated.</summary>
    public void SplitAllocatedUnsynchronized(uint head, int order, int partOrder)
    {
        for (var part = head; part < head + (1u << order); part += 1u << partOrder)
            MarkAllocated(part, partOrder);
    }

    /// <summary>Any aligned part of a block serves as well; which one is preferred changes slowly.</summary>
    private uint PartToTake(uint block, int order, FrameUses use)
    {
        var size = 1u << _frames.Frame(block).Order;
        var part = block + (((_takes++ >> TurnShift) << order) & (size - 1));
        return (_frames.Frame(part).UnfitFor & use) == 0 ? part : block;
    }

    /// <summary>Takes a free block off its list and puts back everything but one part of it.</summary>
    private void Carve(uint block, int order, uint part)
    {
        ref var frame = ref _frames.Frame(block);
        var clean = frame.IsClean != 0;
        int at = frame.Order;
        _free.Remove(block);
        while (at > order)
        {
            at--;
            var upper = block + (1u << at);
            _free.Add(part < upper ? upper : block, at, clean);
            block = part < upper ? block : upper;
        }
    }

    private void Coalesce(uint head, int order, bool clean)
    {
        var committed = _frames.CommittedFrames;
        for (; order < _maxOrder; order++)
        {
            var buddy = head ^ (1u << order);
            if (buddy + (1u << order) > committed)
                break;
            ref var other = ref _frames.Frame(buddy);
            if (!IsFreeBlock(in other, order))
                break;
            clean &= other.IsClean != 0;
            _free.Remove(buddy);
            head = Math.Min(head, buddy);
        }

        _free.Add(head, order, clean);
    }

    [Glance("A frame in use may go into a thread's list or come out of one meanwhile, and is not free either way; what is free becomes so, and ceases to be, under the latch.")]
    private static bool IsFreeBlock(ref readonly PageFrame frame, int order) => frame.State == FrameState.Free && frame.Order == order;

    private void MarkAllocated(uint head, int order)
    {
        for (var number = head; number < head + (1u << order); number++)
            _frames.Frame(number).Head = head;
        ref var frame = ref _frames.Frame(head);
        frame.State = FrameState.Allocated;
        frame.Order = (byte)order;
    }

    private bool IsClean(uint first, uint count)
    {
        for (var number = first; number < first + count; number++)
        {
            if (_frames.Frame(number).Content == FrameContent.Written)
                return false;
        }

        return true;
    }
}
