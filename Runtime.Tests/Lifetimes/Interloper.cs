extern alias instrumented;

using SeamObserver = instrumented::FolioRuntime.Primitives.SeamObserver;
using SeamOperation = instrumented::FolioRuntime.Primitives.SeamOperation;

namespace FolioRuntime.Tests.Lifetimes;

/// <summary>
/// Runs one operation of the instrumented build and, just before its n-th access to shared memory, another one from start
/// to end, as if a second thread had run while the first stood still. Doing so for every n tries every schedule of that
/// shape, the same each time and without threads. Where the subject holds a latch the other could not run to its end, so
/// it waits for the next access outside. Accesses of other threads, such as the finalizer's, are not the subject's.
/// </summary>
internal sealed class Interloper : SeamObserver
{
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly int _at;
    private readonly Action _action;
    private int _accesses;
    private int _latchesHeld;
    private bool _isInside;

    private Interloper(int at, Action action)
    {
        _at = at;
        _action = action;
    }

    /// <summary>
    /// Runs the scenario with the interloper before access 0, 1, … of the subject, and at last after it.
    /// </summary>
    /// <param name="scenario">Makes a fresh world and returns its two operations and its check.</param>
    /// <returns>The number of schedules.</returns>
    public static int RunAll(Func<(Action Subject, Action Interloper, Action Check)> scenario)
    {
        for (var at = 0; ; at++)
        {
            var (subject, action, check) = scenario();
            var interloper = new Interloper(at, action);
            Current = interloper;
            try
            {
                subject();
            }
            finally
            {
                Current = null;
            }

            var reached = interloper._accesses > at;
            if (!reached)
                action();
            check();
            if (!reached)
                return at + 1;
        }
    }

    public override void Before(SeamOperation operation, nint address)
    {
        if (Thread.CurrentThread != _thread || _isInside || _latchesHeld != 0 || _accesses++ != _at)
            return;
        _isInside = true;
        _action();
        _isInside = false;
    }

    public override void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
        if (Thread.CurrentThread == _thread && !_isInside)
            _latchesHeld += operation switch { SeamOperation.LatchEnter => 1, SeamOperation.LatchLeave => -1, _ => 0 };
    }
}
