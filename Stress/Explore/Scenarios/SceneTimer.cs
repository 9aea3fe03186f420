using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A timer that is due at once, or some other time. A thread of the scene's fires it.</summary>
internal sealed class SceneTimer(Action callback) : ITimer
{
    private uint _isDue;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Atomics.Exchange(ref _isDue, dueTime == TimeSpan.Zero ? 1u : 0u);
        return true;
    }

    /// <summary>Fires, whatever the time.</summary>
    public void Fire() => callback();

    /// <summary>Fires if it is due at once; what fires is not due any more.</summary>
    public bool FireIfDue()
    {
        if (Atomics.Exchange(ref _isDue, 0) == 0)
            return false;
        callback();
        return true;
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
