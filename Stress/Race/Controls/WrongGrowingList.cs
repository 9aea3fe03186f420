extern alias instrumented;

using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>CONTROL, FROZEN: one thread's list of <see cref="WrongGrowing"/>. Its pushes are what there is, what was popped and what was taken away.</summary>
internal sealed class WrongGrowingList(WrongStep wrong)
{
    private readonly Latch _section = new();
    private uint[] _items = new uint[1];
    private int _count;
    private long _pops;
    private long _takenAway;

    public int Capacity => _items.Length;

    public (long Pops, long Pushes) Totals
    {
        get
        {
            using (_section.Hold())
                return (_pops, _count + _pops + _takenAway);
        }
    }

    public bool TryPop(out uint item)
    {
        using (_section.Hold())
        {
            item = _count > 0 ? _items[--_count] : 0;
            _pops += item != 0 ? 1 : 0;
            return item != 0;
        }
    }

    public bool TryPush(uint item)
    {
        using (_section.Hold())
        {
            if (_count == _items.Length)
                return false;
            _items[_count++] = item;
            return true;
        }
    }

    public void Grow(int capacity)
    {
        var seen = CopyTo(capacity);
        using (_section.Hold())
            (_items, _count) = wrong == WrongStep.GrownOutside ? seen : CopyTo(capacity);
    }

    public uint[] TakeAll()
    {
        using (_section.Hold())
        {
            var items = _items[.._count];
            _takenAway += _count;
            _count = 0;
            return items;
        }
    }

    private (uint[] Items, int Count) CopyTo(int capacity)
    {
        var count = _count;
        var larger = new uint[capacity];
        _items.AsSpan(0, count).CopyTo(larger);
        return (larger, count);
    }
}
