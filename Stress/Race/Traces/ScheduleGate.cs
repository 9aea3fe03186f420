extern alias instrumented;

using System.Diagnostics;
using FolioRuntime.Race.Protocols;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Traces;

/// <summary>
/// Lets the accesses to the words through in the order of a schedule. An access that is its call's next step waits for its
/// turn. Where the code takes another path than the recorded one, its further accesses go through at once, and steps that
/// a call no longer makes are skipped when it ends. A call that the recording left unfinished makes its remaining accesses after the last step.
/// </summary>
internal sealed class ScheduleGate(Trace schedule) : SeamObserver
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [ThreadStatic]
    private static ReplayCall? s_call;

    private readonly object _lock = new();
    private readonly bool[] _done = new bool[schedule.Steps.Count];
    private int _position;

    public WordRange Words { get; set; }

    /// <summary>The steps that were made, in order, with the words as they were this time.</summary>
    public List<TraceStep> Made { get; } = [];

    public static void Begin(ReplayCall call) => s_call = call;

    /// <summary>Waits until the calling thread's next step is due, before it does anything that leads to it.</summary>
    public void AwaitTurn()
    {
        if (s_call is { Next: >= 0 and var next })
            WaitFor(next);
    }

    /// <summary>The calling thread's call is over: what it left out is skipped.</summary>
    public void End(ReplayCall call)
    {
        s_call = null;
        lock (_lock)
        {
            foreach (var position in call.Rest)
                _done[position] = true;
            MoveOn();
        }
    }

    public override void Before(SeamOperation operation, nint address)
    {
        if (s_call is not { } call || Words.SlotAt(address) < 0)
            return;
        var next = call.Next;
        call.Entered = next >= 0 && schedule.Steps[next].Operation == OperationOf(operation) ? next : -1;
        if (call.Entered >= 0)
            WaitFor(call.Entered);
        else if (next < 0 && !call.Recorded.Ended)
            WaitFor(schedule.Steps.Count);
    }

    public override void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
        if (s_call is not { } call || Words.SlotAt(address) < 0)
            return;
        lock (_lock)
        {
            Made.Add(new TraceStep(schedule.Calls.ToList().IndexOf(call.Recorded), OperationOf(operation), before, after));
            if (call.Entered < 0)
                return;
            _done[call.Entered] = true;
            call.Advance();
            MoveOn();
        }
    }

    /// <summary>A destructor ran in the calling thread's call.</summary>
    public void Destroy(int destructorType, int contentType)
    {
        if (s_call is not { } call)
            return;
        lock (_lock)
            Made.Add(new TraceStep(schedule.Calls.ToList().IndexOf(call.Recorded), TraceOperation.Destroy, 0, 0, destructorType, contentType));
    }

    private static TraceOperation OperationOf(SeamOperation operation) => operation switch
    {
        SeamOperation.Add => TraceOperation.Add,
        SeamOperation.CompareExchange => TraceOperation.CompareExchange,
        SeamOperation.StoreRelease => TraceOperation.Store,
        _ => TraceOperation.Load,
    };

    // Destructors are not accesses: their positions are passed by.
    private void MoveOn()
    {
        while (_position < _done.Length && (_done[_position] || schedule.Steps[_position].Operation == TraceOperation.Destroy))
            _position++;
        Monitor.PulseAll(_lock);
    }

    private void WaitFor(int position)
    {
        var clock = Stopwatch.StartNew();
        lock (_lock)
        {
            MoveOn();
            // Ends: every other step is made or skipped by a thread that runs or waits likewise; if the code under replay can't
            // make them in this order at all, patience does.
            while (_position < position)
            {
                if (clock.Elapsed > s_patience || !Monitor.Wait(_lock, s_patience))
                    throw new TimeoutException($"The schedule stands at step {_position} of {_done.Length}; nobody makes it.");
            }
        }
    }
}
