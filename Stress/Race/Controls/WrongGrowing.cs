extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>CONTROL, FROZEN: items behind threads' own lists, which grow when they are full; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.</summary>
internal sealed class WrongGrowing : IGrowing
{
    private const int LargestCapacity = 16;

    private readonly Latch _latch = new();
    private readonly Stack<uint> _structure = new();
    private readonly List<WrongGrowingList> _lists = [];
    private readonly ThreadLocal<WrongGrowingList> _own;

    public WrongGrowing(WrongStep wrong, int items)
    {
        for (var item = (uint)items; item > 0; item--)
            _structure.Push(item);
        _own = new ThreadLocal<WrongGrowingList>(() =>
        {
            using (_latch.Hold())
            {
                var list = new WrongGrowingList(wrong);
                _lists.Add(list);
                return list;
            }
        });
    }

    public (long Pops, long Pushes) Totals
    {
        get
        {
            using (_latch.Hold())
                return (_lists.Sum(list => list.Totals.Pops), _lists.Sum(list => list.Totals.Pushes));
        }
    }

    public uint Take(out bool isPop)
    {
        isPop = _own.Value!.TryPop(out var item);
        if (isPop)
            return item;
        using (_latch.Hold())
            return _structure.TryPop(out item) ? item : 0;
    }

    public bool Put(uint item)
    {
        var own = _own.Value!;
        if (own.TryPush(item))
            return true;
        if (own.Capacity < LargestCapacity)
            own.Grow(2 * own.Capacity);
        if (own.TryPush(item))
            return true;
        using (_latch.Hold())
            _structure.Push(item);
        return false;
    }

    public void DrainAll()
    {
        using (_latch.Hold())
        {
            foreach (var list in _lists)
            {
                foreach (var item in list.TakeAll())
                    _structure.Push(item);
            }
        }
    }

    public IReadOnlyList<uint> TakeAll()
    {
        DrainAll();
        return [.. _structure];
    }

    public void Dispose() => _own.Dispose();
}
