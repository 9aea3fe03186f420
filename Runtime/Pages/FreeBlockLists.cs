using System.Numerics;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// The free blocks: a doubly linked, first-in-first-out list for each order and kind, linked through the frame table. The
/// kind says which use the block's head can't serve any more, and whether the block has memory behind it:
/// <code>
///   kind = 2 × unfit + clean      unfit: 0 none, 1 Folio, 2 Slab      clean: 1 no frame of it is written
/// </code>
/// First in, first out, so that reuse goes round (wear); blocks with memory are taken before clean ones, so that what was
/// given back stays given back while it can. A bit a kind and order says which lists are not empty. Everything is O(1).
/// The caller holds the page allocator's latch.
/// </summary>
internal sealed class FreeBlockLists
{
    private const int Kinds = 6;
    private const uint None = uint.MaxValue;

    private readonly FrameTable _frames;
    private readonly BlockList[] _lists = new BlockList[Kinds * (PageOrder.Largest + 1)];

    // Per kind: bit k is set while the list of order k is not empty.
    [Glance("HasFrameOnlyFor looks without the latch, only to choose which way to try first; the way is decided under the latch.")]
    private readonly uint[] _ordersPresent = new uint[Kinds];

    public FreeBlockLists(FrameTable frames)
    {
        _frames = frames;
        Array.Fill(_lists, new BlockList { First = None, Last = None });
    }

    /// <summary>Frames in all blocks.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Free blocks of one order.</summary>
    public int BlockCount(int order)
    {
        var count = 0;
        for (var kind = 0; kind < Kinds; kind++)
            count += _lists[Index(kind, order)].Count;
        return count;
    }

    /// <summary>Free blocks of one order that may have memory behind them.</summary>
    public int WrittenBlockCount(int order)
    {
        var count = 0;
        for (var kind = 0; kind < Kinds; kind += 2)
            count += _lists[Index(kind, order)].Count;
        return count;
    }

    /// <summary>The fewest of these that there were at any moment since the last call: as many were more than was needed. Begins a new interval.</summary>
    public int TakeUnneededBlockCount(int order)
    {
        var count = 0;
        for (var kind = 0; kind < Kinds; kind += 2)
        {
            ref var list = ref _lists[Index(kind, order)];
            count += list.FewestInInterval;
            list.FewestInInterval = list.Count;
        }

        return count;
    }

    /// <summary>Frames in blocks whose head can't serve a use any more.</summary>
    public long WornFrameCount(FrameUses use)
    {
        long frames = 0;
        for (var order = 0; order <= PageOrder.Largest; order++)
            frames += (long)(_lists[Index(2 * (int)use, order)].Count + _lists[Index((2 * (int)use) + 1, order)].Count) << order;
        return frames;
    }

    /// <summary>Whether there is a block of one frame that serves this use and no other. A glance when asked without the latch.</summary>
    public bool HasFrameOnlyFor(FrameUses use)
    {
        var kind = 2 * (int)(FrameUses.Both & ~use);
        return ((Atomics.LoadAcquire(ref _ordersPresent[kind]) | Atomics.LoadAcquire(ref _ordersPresent[kind + 1])) & 1) != 0;
    }

    /// <summary>Puts a block at the end of its list and marks its head free.</summary>
    public void Add(uint head, int order, bool clean)
    {
        ref var frame = ref _frames.Frame(head);
        frame.State = FrameState.Free;
        frame.Order = (byte)order;
        frame.IsClean = clean ? (byte)1 : (byte)0;
        var kind = KindOf(in frame);
        ref var list = ref _lists[Index(kind, order)];
        frame.Next = None;
        frame.Previous = list.Last;
        if (list.Last == None)
            list.First = head;
        else
            _frames.Frame(list.Last).Next = head;
        list.Last = head;
        list.Count++;
        _ordersPresent[kind] |= 1u << order;
        FrameCount += 1L << order;
    }

    /// <summary>Takes a free block out, by its head, whose state becomes that of a frame inside a block.</summary>
    public void Remove(uint head)
    {
        ref var frame = ref _frames.Frame(head);
        Invariant.Require(frame.State == FrameState.Free, "only a free block leaves the free lists");
        int order = frame.Order;
        var kind = KindOf(in frame);
        ref var list = ref _lists[Index(kind, order)];
        if (frame.Previous == None)
            list.First = frame.Next;
        else
            _frames.Frame(frame.Previous).Next = frame.Next;
        if (frame.Next == None)
            list.Last = frame.Previous;
        else
            _frames.Frame(frame.Next).Previous = frame.Previous;
        frame.State = FrameState.Tail;
        if (--list.Count == 0)
            _ordersPresent[kind] &= ~(1u << order);
        list.FewestInInterval = Math.Min(list.FewestInInterval, list.Count);
        FrameCount -= 1L << order;
    }

    /// <summary>The best block whose head serves the use: the smallest that fits; among those one that no other use can take, then one with memory.</summary>
    public bool TryFindFit(int order, FrameUses use, out uint head)
    {
        var onlyForThis = 2 * (int)(FrameUses.Both & ~use);
        var best = (Kind: 0, Order: int.MaxValue);
        foreach (var kind in (ReadOnlySpan<int>)[onlyForThis, onlyForThis + 1, 0, 1])
        {
            if (TryFindSmallest(kind, order, out var smallest) && smallest < best.Order)
                best = (kind, smallest);
        }

        head = best.Order == int.MaxValue ? None : _lists[Index(best.Kind, best.Order)].First;
        return head != None;
    }

    /// <summary>
    /// A part of some block, of an order and aligned, whose first frame serves the use though the block's head doesn't.
    /// O(frames in such blocks): only for when there is no better, which takes spent generations.
    /// </summary>
    public bool TryFindInside(int order, FrameUses use, out uint head, out uint part)
    {
        for (var kind = 2; kind < Kinds; kind++)
        {
            for (var larger = order + 1; larger <= PageOrder.Largest; larger++)
            {
                // Ends: a list's links lead to None.
                for (head = _lists[Index(kind, larger)].First; head != None; head = _frames.Frame(head).Next)
                {
                    for (part = head; part < head + (1u << larger); part += 1u << order)
                    {
                        if ((_frames.Frame(part).UnfitFor & use) == 0)
                            return true;
                    }
                }
            }
        }

        head = part = None;
        return false;
    }

    /// <summary>The first block of an order that may have memory behind it.</summary>
    public bool TryFindWritten(int order, out uint head)
    {
        head = None;
        for (var kind = 0; kind < Kinds && head == None; kind += 2)
            head = _lists[Index(kind, order)].First;
        return head != None;
    }

    /// <summary>Walks every list: links agree both ways, each block is where its head says, the counts are right.</summary>
    public bool IsValid(int maxOrder)
    {
        long frames = 0;
        for (var kind = 0; kind < Kinds; kind++)
        {
            for (var order = 0; order <= PageOrder.Largest; order++)
            {
                ref var list = ref _lists[Index(kind, order)];
                var present = (_ordersPresent[kind] & (1u << order)) != 0;
                if (present != (list.Count != 0) || (present && order > maxOrder) || !IsValid(in list, kind, order))
                    return false;
                frames += (long)list.Count << order;
            }
        }

        return frames == FrameCount;
    }

    private bool IsValid(in BlockList list, int kind, int order)
    {
        var previous = None;
        var count = 0;

        // Ends: at most one more step than the list says it has.
        for (var head = list.First; head != None && count <= list.Count; head = _frames.Frame(head).Next)
        {
            ref var frame = ref _frames.Frame(head);
            if (frame.State != FrameState.Free || frame.Order != order || frame.Previous != previous || KindOf(in frame) != kind)
                return false;
            previous = head;
            count++;
        }

        return count == list.Count && list.Last == previous;
    }

    private bool TryFindSmallest(int kind, int order, out int smallest)
    {
        var orders = _ordersPresent[kind] >> order << order;
        smallest = BitOperations.TrailingZeroCount(orders);
        return orders != 0;
    }

    private static int KindOf(ref readonly PageFrame head)
    {
        Invariant.Check(head.UnfitFor != FrameUses.Both, "a frame unfit for everything is retired, never free");
        return (2 * (int)head.UnfitFor) + head.IsClean;
    }

    private static int Index(int kind, int order) => (kind * (PageOrder.Largest + 1)) + order;

    private struct BlockList
    {
        public uint First;
        public uint Last;
        public int Count;
        public int FewestInInterval;
    }
}
