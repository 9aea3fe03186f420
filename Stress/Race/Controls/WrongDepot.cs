extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: Treiber's stack of full magazines and one of empty ones, whose heads are the number of the top and nothing else: a pop that stood while others
/// popped its top and what was below, and pushed the top back, makes something the top that isn't in the list. With the line right each pop counts in the head's
/// upper half. Don't repair it, don't tune it.
/// </summary>
internal sealed class WrongDepot : IExchange
{
    private readonly bool _isWrong;
    private readonly uint[] _items;
    private readonly uint[] _below;
    private ulong _full;
    private ulong _empty;

    public WrongDepot(int magazines, bool isWrong)
    {
        _isWrong = isWrong;
        _items = new uint[magazines + 1];
        _below = new uint[magazines + 1];
        for (var magazine = 1u; magazine <= magazines; magazine++)
            Push(ref _empty, magazine);
    }

    public bool TryStow(uint item)
    {
        var magazine = Pop(ref _empty);
        if (magazine == 0)
            return false;
        Atomics.StoreRelease(ref _items[magazine], item);
        Push(ref _full, magazine);
        return true;
    }

    public uint Take()
    {
        var magazine = Pop(ref _full);
        if (magazine == 0)
            return 0;
        var item = Atomics.LoadAcquire(ref _items[magazine]);
        Push(ref _empty, magazine);
        return item;
    }

    private uint Pop(ref ulong head)
    {
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref head);
            var top = (uint)seen;
            if (top == 0)
                return 0;
            var pops = (seen >> 32) + (_isWrong ? 0u : 1u);
            if (Atomics.CompareExchange(ref head, (pops << 32) | Atomics.LoadAcquire(ref _below[top]), seen) == seen)
                return top;
        }
    }

    private void Push(ref ulong head, uint magazine)
    {
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref head);
            Atomics.StoreRelease(ref _below[magazine], (uint)seen);
            if (Atomics.CompareExchange(ref head, (seen >> 32 << 32) | magazine, seen) == seen)
                return;
        }
    }
}
