extern alias instrumented;

using System.Runtime.ExceptionServices;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Schedules;

/// <summary>
/// A thread that moves only when told to, and stops at chosen accesses of the instrumented runtime: exact schedules without
/// sleeps. At any time either the test or one puppet runs. It doesn't stop while it holds a latch, where whoever runs next would wait for it.
/// </summary>
internal sealed class Puppet : IDisposable
{
    // A schedule that deadlocks fails the test instead of hanging it; nothing that works takes this long.
    private static readonly TimeSpan s_deadlocked = TimeSpan.FromSeconds(60);

    [ThreadStatic]
    private static Puppet? s_ofThisThread;

    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _halted = new(0);
    private readonly Thread _thread;
    private Action? _action;
    private Func<SeamEvent, bool>? _stop;
    private Exception? _failure;
    private int _latches;

    public Puppet()
    {
        _thread = new Thread(Live) { IsBackground = true };
        _thread.Start();
    }

    public static Puppet? OfThisThread => s_ofThisThread;

    public Thread Thread => _thread;

    /// <summary>Whether it has done all it was told to do.</summary>
    public bool HasEnded { get; private set; } = true;

    /// <summary>What the last action threw; reading it forgets it.</summary>
    public Exception? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    /// <summary>Called within an action: stops there.</summary>
    public static void Pause() => s_ofThisThread!.Halt();

    /// <summary>Gives it something to do; it doesn't begin before it is told to run.</summary>
    public void Begin(Action action)
    {
        if (!HasEnded)
            throw new InvalidOperationException("The puppet is busy.");
        HasEnded = false;
        _action = action;
    }

    /// <summary>Lets it run until the stop, a pause or its end. False: it has ended.</summary>
    public bool RunTo(Func<SeamEvent, bool>? stop)
    {
        _stop = stop;
        _go.Release();
        if (!_halted.Wait(s_deadlocked))
            throw new InvalidOperationException("The puppet doesn't stop: the schedule deadlocks.");
        return !HasEnded;
    }

    /// <summary>Lets it run until it pauses.</summary>
    public void RunToPause()
    {
        if (!RunTo(null))
            Finish();
    }

    /// <summary>Lets it run to its end, whatever it pauses at, and throws what it threw.</summary>
    public void Finish()
    {
        while (!HasEnded)
            RunTo(null);
        if (TakeFailure() is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Does one thing from beginning to end.</summary>
    public void Run(Action action)
    {
        Begin(action);
        Finish();
    }

    /// <summary>On the puppet's own thread: an access that may be a stop.</summary>
    public void Meet(SeamEvent seen)
    {
        if (seen is { IsBefore: false, Operation: SeamOperation.LatchEnter })
            _latches++;
        if (_latches == 0 && _stop is { } stop && stop(seen))
            Halt();
        if (seen is { IsBefore: false, Operation: SeamOperation.LatchLeave })
            _latches--;
    }

    public void Dispose()
    {
        while (!HasEnded)
            RunTo(null);
        _action = null;
        _go.Release();
        _thread.Join();
        _go.Dispose();
        _halted.Dispose();
    }

    private void Halt()
    {
        _stop = null;
        _halted.Release();
        _go.Wait();
    }

    private void Live()
    {
        s_ofThisThread = this;
        while (true)
        {
            _go.Wait();
            if (_action is null)
                return;
            try
            {
                _action();
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            HasEnded = true;
            _stop = null;
            _halted.Release();
        }
    }
}
