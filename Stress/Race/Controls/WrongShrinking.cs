extern alias instrumented;

using FolioRuntime.Race.Hazards;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;
using Latch = instrumented::FolioRuntime.Primitives.Latch;

namespace FolioRuntime.Race.Controls;

/// <summary>CONTROL, FROZEN: a list of what is called when memory is short; one step of it is wrong. It shares no code with the runtime. Don't repair it, don't tune it.</summary>
internal sealed class WrongShrinking(WrongStep wrong) : IShrinking
{
    private readonly WrongStep _wrong = wrong;
    private readonly Latch _latch = new();
    private volatile Entry[] _all = [];

    public IDisposable Register(Action shrinker)
    {
        var entry = new Entry(this, shrinker);
        using (_latch.Hold())
            _all = [.. _all, entry];
        return entry;
    }

    public void Shrink()
    {
        foreach (var entry in _all)
            entry.Call();
    }

    public void Dispose() => _all = [];

    private sealed class Entry(WrongShrinking list, Action shrinker) : IDisposable
    {
        private uint _calls;
        private uint _hasEnded;

        public void Call()
        {
            using (list._latch.Hold())
            {
                if (Atomics.LoadAcquire(ref _hasEnded) != 0)
                    return;
                Atomics.StoreRelease(ref _calls, Atomics.LoadAcquire(ref _calls) + 1);
            }

            shrinker();
            using (list._latch.Hold())
                Atomics.StoreRelease(ref _calls, Atomics.LoadAcquire(ref _calls) - 1);
        }

        public void Dispose()
        {
            using (list._latch.Hold())
            {
                Atomics.StoreRelease(ref _hasEnded, 1);
                list._all = [.. list._all.Where(entry => entry != this)];
            }

            if (list._wrong == WrongStep.CallsNotAwaited)
                return;
            for (var wait = default(SpinWait); Atomics.LoadAcquire(ref _calls) != 0;)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
