extern alias instrumented;

using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: one thread's free slots in a <see cref="WrongStore"/>, behind a latch biased to that thread. Its owner announces itself and then looks
/// whether it is shut out; or, where that is the wrong step, the other way round.
/// </summary>
internal sealed class WrongList(Thread owner, int capacity, bool announcesLate)
{
    private readonly uint[] _items = new uint[capacity];
    private int _count;
    private uint _active;
    private uint _revoked;

    public Thread Owner { get; } = owner;

    public bool TryPop(out uint item)
    {
        item = 0;
        if (!TryEnter())
            return false;
        var last = _count - 1;
        if (last >= 0)
        {
            item = _items[last];
            _count = last;
        }

        Atomics.StoreRelease(ref _active, 0);
        return last >= 0;
    }

    public bool TryPush(uint item)
    {
        if (!TryEnter())
            return false;
        var count = _count;
        if (count < _items.Length)
        {
            _items[count] = item;
            _count = count + 1;
        }

        Atomics.StoreRelease(ref _active, 0);
        return count < _items.Length;
    }

    /// <summary>Takes everything, on any thread; callers exclude each other.</summary>
    public void Drain(Action<uint> sink)
    {
        Atomics.Exchange(ref _revoked, 1);
        var wait = default(SpinWait);

        // Ends: the owner's section is bounded.
        while (Atomics.LoadAcquire(ref _active) != 0 && Owner.IsAlive)
            Atomics.SpinOnce(ref wait);
        for (var i = _count - 1; i >= 0; i--)
        {
            Atomics.ReadBarrier();
            sink(_items[i]);
        }

        _count = 0;
        Atomics.StoreRelease(ref _revoked, 0);
    }

    private bool TryEnter()
    {
        if (announcesLate)
        {
            if (Atomics.LoadAcquire(ref _revoked) != 0)
                return false;
            Atomics.StoreRelease(ref _active, 1);
            return true;
        }

        Atomics.Exchange(ref _active, 1);
        if (Atomics.LoadAcquire(ref _revoked) == 0)
            return true;
        Atomics.StoreRelease(ref _active, 0);
        return false;
    }
}
