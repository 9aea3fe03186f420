using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A clock by which everything is too old at once, and whose one timer a thread of the scene's fires.</summary>
internal sealed class SceneClock : TimeProvider
{
    /// <summary>What is as old as this is too old: one look at the clock later.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMilliseconds(10);

    private TimerCallback? _callback;
    private object? _state;
    private uint _isSet;
    private long _now = 1;

    public override long TimestampFrequency => 1;

    /// <summary>Whether the timer is going to fire.</summary>
    public bool IsSet => Atomics.LoadAcquire(ref _isSet) != 0;

    /// <summary>A second later each time. No step: it only grows.</summary>
    public override long GetTimestamp() => Interlocked.Increment(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_callback, _state) = (callback, state);
        return new Timer(this);
    }

    /// <summary>Fires the timer, if it is set.</summary>
    public void Fire()
    {
        if (Atomics.Exchange(ref _isSet, 0) != 0)
            _callback!(_state);
    }

    private sealed class Timer(SceneClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Atomics.Exchange(ref clock._isSet, 1);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
