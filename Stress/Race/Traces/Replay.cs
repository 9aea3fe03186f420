extern alias instrumented;

using FolioRuntime.Harness;
using FolioRuntime.Race.Protocols;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Traces;

/// <summary>
/// Runs the calls of a trace again, on as many real threads, over a protocol with one slot, with the accesses to the
/// slot's word in the recorded order. Over the protocol it was recorded from the same happens again; over another one
/// shows what that makes of the same schedule.
/// </summary>
internal static class Replay
{
    /// <returns>What happened this time, as a trace.</returns>
    public static Trace Run(Trace schedule, ProtocolEntry entry)
    {
        var gate = new ScheduleGate(schedule);
        using var protocol = entry.Create(1, new GateWitness(gate));
        gate.Words = protocol.Words;
        TaskCompletionSource<Token?>[] tokens = [.. schedule.Calls.Select(_ => new TaskCompletionSource<Token?>())];
        SeamObserver.Current = gate;
        try
        {
            ThreadTeam.Run(schedule.Threads, thread => new ReplayThread(schedule, gate, protocol, tokens).Run(thread));
        }
        finally
        {
            SeamObserver.Current = null;
        }

        return schedule with { Protocol = entry.Name, Steps = [.. gate.Made.Where(step => step.Operation != TraceOperation.Load || schedule.Calls[step.Call].Kind == TraceCallKind.Peek)] };
    }

    /// <summary>Notes destructors and wipes what they destroyed, as the oracle does.</summary>
    private sealed class GateWitness(ScheduleGate gate) : IWitness
    {
        public void Destroy(int type, Span<byte> content)
        {
            gate.Destroy(type, ObjectContent.Read(content).Type);
            ObjectContent.Wipe(content);
        }

        public void Complain(string complaint) => throw new InvalidOperationException(complaint);
    }
}
