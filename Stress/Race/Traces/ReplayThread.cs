using FolioRuntime.Race.Protocols;

namespace FolioRuntime.Race.Traces;

/// <summary>
/// One thread of a replay: makes its calls one after the other, as far as this time's outcomes allow. A call begins when its
/// first step is due, so it sees what the steps before it left.
/// </summary>
/// <param name="schedule">The schedule.</param>
/// <param name="gate">Keeps the order.</param>
/// <param name="protocol">What it runs over.</param>
/// <param name="tokens">For each call that allocates, what came of it.</param>
internal sealed class ReplayThread(Trace schedule, ScheduleGate gate, IProtocol protocol, TaskCompletionSource<Token?>[] tokens)
{
    private const int AllocationAttempts = 100_000;

    private readonly List<long> _held = [];

    public void Run(int thread)
    {
        for (var i = 0; i < schedule.Calls.Count; i++)
        {
            if (schedule.Calls[i].Thread != thread)
                continue;
            var index = i;
            var positions = Enumerable.Range(0, schedule.Steps.Count)
                .Where(position => schedule.Steps[position].Call == index && schedule.Steps[position].Operation != TraceOperation.Destroy);
            var call = new ReplayCall(schedule.Calls[i], [.. positions]);
            ScheduleGate.Begin(call);
            try
            {
                gate.AwaitTurn();
                Make(call.Recorded, i);
            }
            finally
            {
                tokens[i].TrySetResult(null);
                gate.End(call);
            }
        }
    }

    private void Make(TraceCall call, int index)
    {
        switch (call.Kind)
        {
            case TraceCallKind.Allocate or TraceCallKind.Rent:
                Allocate(call, index);
                break;
            case TraceCallKind.Peek:
                protocol.Peek(TokenOf(call));
                break;
            case TraceCallKind.Get:
                if (protocol.TryGet(TokenOf(call)))
                    _held.Add(call.Object);
                break;
            case TraceCallKind.Put when _held.Remove(call.Object):
                protocol.Put(TokenOf(call), call.Type);
                break;
            case TraceCallKind.Return when _held.Remove(call.Object):
                protocol.Return(TokenOf(call));
                break;
        }
    }

    private void Allocate(TraceCall call, int index)
    {
        // Ends: whoever destroyed the slot's last object gives the slot back without waiting for anybody; if the slot is
        // never freed this time, the allocation gives up.
        var wait = default(SpinWait);
        for (var attempt = 0; attempt < AllocationAttempts; attempt++)
        {
            var token = call.Kind == TraceCallKind.Rent ? protocol.TryRent(call.Type, call.Object) : protocol.TryAllocate(call.Type, call.Object);
            if (token is not null)
            {
                _held.Add(call.Object);
                tokens[index].SetResult(token);
                return;
            }

            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    // Its allocation is under way, if it is in the schedule. If not, the handle is from before it: stale, whatever it leads to.
    private Token TokenOf(TraceCall call)
    {
        var allocation = schedule.Calls.ToList().FindIndex(
            candidate => candidate.Object == call.Object && candidate.Kind is (TraceCallKind.Allocate or TraceCallKind.Rent));
        return (allocation < 0 ? null : tokens[allocation].Task.GetAwaiter().GetResult()) ?? new Token(0, call.Type, call.Object);
    }
}
