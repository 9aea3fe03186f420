extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Microsoft.Extensions.ObjectPool;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: an object pool whose return asks whether the pool has ended and then enqueues, while the end sets its flag and then drains: an
/// item may be enqueued after that. With the line right the return asks once more. Don't repair it, don't tune it.
/// </summary>
internal sealed class WrongObjectPool(PoolItemPolicy policy, int retained, bool isWrong) : ObjectPool<PoolItem>, IDisposable
{
    private readonly Latch _latch = new();
    private readonly Stack<PoolItem> _idle = new();
    private uint _ended;

    public override PoolItem Get()
    {
        ObjectDisposedException.ThrowIf(Atomics.LoadAcquire(ref _ended) != 0, this);
        return Take() ?? policy.Create();
    }

    public override void Return(PoolItem obj)
    {
        if (Atomics.LoadAcquire(ref _ended) != 0 || !TryKeep(obj))
            obj.Dispose();
        else if (!isWrong && Atomics.LoadAcquire(ref _ended) != 0)
            Drain();
    }

    public void Dispose()
    {
        if (Atomics.Exchange(ref _ended, 1) == 0)
            Drain();
    }

    private bool TryKeep(PoolItem item)
    {
        using (_latch.Hold())
        {
            if (_idle.Count == retained)
                return false;
            _idle.Push(item);
            return true;
        }
    }

    private PoolItem? Take()
    {
        using (_latch.Hold())
            return _idle.TryPop(out var item) ? item : null;
    }

    // Ends: nothing is enqueued once the flag is set, but by those who saw it clear.
    private void Drain()
    {
        while (Take() is { } item)
            item.Dispose();
    }
}
