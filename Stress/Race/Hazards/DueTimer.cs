extern alias instrumented;

using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Hazards;

/// <summary>A clock that stands still, and its one timer: due now, or some other time, which never comes. A thread of the scene's fires it.</summary>
internal sealed class DueTimer : TimeProvider, ITimer
{
    private Action _callback = static () => { };
    private uint _isDue;

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _callback = () => callback(state);
        Change(dueTime, period);
        return this;
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Atomics.Exchange(ref _isDue, dueTime == TimeSpan.Zero ? 1u : 0u);
        return true;
    }

    /// <summary>Fires if it is due now; what fires is not due any more.</summary>
    public bool FireIfDue()
    {
        if (Atomics.Exchange(ref _isDue, 0) == 0)
            return false;
        _callback();
        return true;
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
