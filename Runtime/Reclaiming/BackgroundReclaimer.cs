using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;

namespace FolioRuntime.Reclaiming;

/// <summary>
/// Gives memory back without being asked: looks every interval, sooner after a full collection, and at once when an allocation finds little left.
/// <code>
///   woken?                    ── yes ─► balance: free memory up to the high watermark
///   the system is short?      ── yes ─► have shrinkers free some, trim everything
///                             ── no ──► the interval is over?  ── yes ─► trim what lay idle, report what is out for too long
/// </code>
/// Knows its runtime by a weak reference to the reclaimer, which everything of a runtime holds, so the timer keeps no runtime alive and ends with it. One look at
/// a time: the timer is set anew when a look is over. A look that throws is reported, and the next one tries again. Linux: <c>kswapd</c>.
/// </summary>
internal sealed class BackgroundReclaimer : IDisposable
{
    /// <summary>After a full collection a look comes early, but not sooner than this part of the interval after the last.</summary>
    private const int EarliestPart = 4;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    private readonly WeakReference<Reclaimer> _reclaimer;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly IMemoryPressure _pressure;
    private readonly ITimer _timer;
    private readonly StripedCounter _looks = new();
    private readonly StripedCounter _looksUnderPressure = new();
    private readonly StripedCounter _looksFailed = new();
    private readonly StripedCounter _wakeUps = new();
    private readonly StripedCounter _bytesGivenBack = new();

    // 1: stopped for good.
    private uint _stopped;

    // 1: somebody is looking. Whoever sets it looks, and is the only one.
    private uint _looking;

    // 1: an allocation wants memory freed, and nobody has begun to. Writers: Wake sets it, then has the timer fire; who looks takes it before it looks.
    // No wake-up is lost: at any time it is 0, or the timer is about to fire, or somebody looks who will see it and have the timer fire.
    // Order: full fences, so that of a wake and the end of a look the later one sees what the other did.   [wake-against-look, lost-wake-up]
    private uint _woken;

    // Times in the units of the provider. Writer: who looks. Readers: any thread.
    private long _lastLook;
    private long _intervalBegan;

    public BackgroundReclaimer(Reclaimer reclaimer, TimeSpan interval, TimeProvider time, IMemoryPressure pressure)
    {
        _reclaimer = new WeakReference<Reclaimer>(reclaimer);
        _interval = interval;
        _time = time;
        _pressure = pressure;
        _lastLook = time.GetTimestamp();
        _intervalBegan = _lastLook;

        // Whoever makes a runtime need not stay alive with it through what flows with its execution.
        using (AsyncFlowControl? suppressed = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static state => ((BackgroundReclaimer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(interval, Timeout.InfiniteTimeSpan);
        CollectionWatch.Start(this);
    }

    public long Looks => _looks.Value;

    public long LooksUnderPressure => _looksUnderPressure.Value;

    public long LooksFailed => _looksFailed.Value;

    public long WakeUps => _wakeUps.Value;

    public long BytesGivenBack => _bytesGivenBack.Value;

    private bool IsStopped => Atomics.LoadAcquire(ref _stopped) != 0;

    /// <summary>Stops for good. A look that is under way goes on beside it. Idempotent.</summary>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _stopped, 1) == 0)
            _timer.Dispose();
    }

    /// <summary>Has a look made soon, unless the last was just now. Cheap, and doesn't throw: called by the finalizer thread.</summary>
    /// <returns>False: it has stopped.</returns>
    public bool LookSoon()
    {
        if (IsStopped)
            return false;
        Guard(() =>
        {
            if (_time.GetElapsedTime(Atomics.LoadAcquire(ref _lastLook)) >= _interval / EarliestPart)
                _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        });
        return true;
    }

    /// <summary>Has memory freed up to the high watermark, now. Cheap, and doesn't throw: called in the middle of an allocation.</summary>
    public void Wake()
    {
        if (IsStopped)
            return;
        _wakeUps.Add();
        Atomics.Exchange(ref _woken, 1);
        FireNow();
    }

    private void FireNow() => Guard(() => _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));

    private void Tick()
    {
        if (IsStopped || Atomics.Exchange(ref _looking, 1) != 0)
            return;
        Guard(Look);
        Atomics.Exchange(ref _looking, 0);

        // A timer that was disposed meanwhile stays so.
        if (!IsStopped)
            Guard(() => _timer.Change(UntilIntervalEnds(), Timeout.InfiniteTimeSpan));

        // Whoever woke it meanwhile may have fired the timer for nothing, because this look was under way, or set it before it was set to the interval's end.
        if (!IsStopped && Atomics.LoadAcquire(ref _woken) != 0)
            FireNow();
    }

    // Not inlined, so that no register or stack slot of the timer's thread holds the reclaimer between looks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look()
    {
        if (!_reclaimer.TryGetTarget(out var reclaimer))
        {
            Dispose();
            return;
        }

        _looks.Add();
        var isDue = _time.GetElapsedTime(Atomics.LoadAcquire(ref _intervalBegan)) >= _interval;
        var isBalanced = false;
        try
        {
            isBalanced = Atomics.Exchange(ref _woken, 0) != 0 && reclaimer.Balance();
            if (_pressure.Read() != MemoryPressureSigns.None)
            {
                _looksUnderPressure.Add();
                _bytesGivenBack.Add(reclaimer.ShrinkAndTrim());
            }
            else if (isDue)
            {
                _bytesGivenBack.Add(reclaimer.TrimIdle());
            }

            if (isDue)
                reclaimer.Due?.Invoke();
        }
        finally
        {
            // Where there is nothing more to free, allocations that wake it again and again would only get in each other's way: not before the interval is over.
            if (isBalanced || isDue)
                reclaimer.Pages.RearmWake();

            // From the end of one to the start of the next, so that a look that takes long is not followed at once.
            var now = _time.GetTimestamp();
            Atomics.StoreRelease(ref _lastLook, now);
            if (isDue)
                Atomics.StoreRelease(ref _intervalBegan, now);
        }
    }

    private TimeSpan UntilIntervalEnds()
    {
        var left = _interval - _time.GetElapsedTime(Atomics.LoadAcquire(ref _intervalBegan));
        return left > s_shortest ? left : s_shortest;
    }

    /// <summary>Reports what an action throws: on the threads of timers and of the finalizer nobody is there to catch it, and the runtime goes on without.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Nobody above could catch it: it is reported, and reclaiming goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _looksFailed.Add();
            if (_reclaimer.TryGetTarget(out var reclaimer))
                reclaimer.Violations.Report(ViolationKind.ReclaimFailed, nameof(Reclaimer), 0, 0, exception.Message, exception);
        }
    }
}
