extern alias instrumented;

using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a set of threads' stacks with room for one item at first, and a depot, of the shipping sources over the instrumented seam. It refills and flushes as a cache of slabs does.</summary>
internal sealed class RuntimeGrowing : IGrowing
{
    private const int Room = 4;
    private const int LargestCapacity = 16;

    private readonly Latch _latch = new();
    private readonly Stack<uint> _structure = new();
    private readonly ThreadStackSet _set;

    public RuntimeGrowing(int items)
    {
        for (var item = (uint)items; item > 0; item--)
            _structure.Push(item);
        _set = new ThreadStackSet(capacity: 1, Give, depot: new DepotPlan(Magazines: 4, Room, LargestCapacity / 2), largestCapacity: LargestCapacity);
    }

    public (long Pops, long Pushes) Totals
    {
        get
        {
            var totals = _set.Totals;
            return (totals.Pops, totals.Pushes);
        }
    }

    public uint Take(out bool isPop)
    {
        var stack = _set.Current;
        isPop = stack.TryPop(out var item);
        if (isPop)
            return item;
        _set.TryGrow(stack);
        Span<uint> batch = stackalloc uint[Room];
        var taken = _set.TakeStowed(batch);
        if (taken == 0)
            taken = TakeFromStructure(batch[..Math.Min(Room, (stack.Capacity / 2) + 1)]);
        if (taken == 0)
            return 0;
        var kept = stack.Refill(batch[1..taken]);
        if (1 + kept < taken)
            Give(batch[(1 + kept)..taken]);
        return batch[0];
    }

    public bool Put(uint item)
    {
        var stack = _set.Current;
        if (stack.TryPush(item))
            return true;
        if (!_set.TryGrow(stack))
            Flush(stack);
        if (stack.TryPush(item))
            return true;
        Give([item]);
        return false;
    }

    public void DrainAll() => _set.DrainAll(Give);

    public IReadOnlyList<uint> TakeAll()
    {
        DrainAll();
        return [.. _structure];
    }

    public void Dispose() => _set.Close(static _ => { });

    private void Flush(ThreadStack stack)
    {
        Span<uint> batch = stackalloc uint[Room];
        batch = batch[..stack.TakeOldest(batch[..Math.Min(Room, (stack.Capacity + 1) / 2)])];
        if (!batch.IsEmpty && !_set.TryStow(batch))
            Give(batch);
    }

    private int TakeFromStructure(Span<uint> batch)
    {
        using (_latch.Hold())
        {
            var taken = 0;
            while (taken < batch.Length && _structure.TryPop(out batch[taken]))
                taken++;
            return taken;
        }
    }

    private void Give(ReadOnlySpan<uint> items)
    {
        using (_latch.Hold())
        {
            foreach (var item in items)
                _structure.Push(item);
        }
    }
}
