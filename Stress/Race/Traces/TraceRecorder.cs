extern alias instrumented;

using FolioRuntime.Race.Pauses;
using FolioRuntime.Race.Protocols;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Traces;

/// <summary>
/// Records every access to the protocol's lifetime words in its exact order: each is made under one lock, taken before
/// and released after it. Pauses come before the lock, so threads are stalled as they are without a recorder, and what
/// differs is only that accesses don't overlap, which an atomic's don't anyway.
/// </summary>
internal sealed class TraceRecorder(PauseObserver pauses) : SeamObserver
{
    private const int StepsKept = 4096;

    [ThreadStatic]
    private static OpenCall? s_call;

    private readonly Lock _order = new();
    private readonly Dictionary<int, List<RecordedStep>> _steps = [];

    /// <summary>The words to watch. Set it before any thread calls the protocol.</summary>
    public WordRange Words { get; set; }

    public static OpenCall Begin(OpenCall call) => s_call = call;

    public static void End(OpenCall call, bool succeeded)
    {
        call.Ended = true;
        call.Succeeded = succeeded;
    }

    public override void Before(SeamOperation operation, nint address)
    {
        pauses.Before(operation, address);
        if (s_call is { Ended: false } && Words.SlotAt(address) >= 0)
            _order.Enter();
    }

    public override void After(SeamOperation operation, nint address, ulong before, ulong after)
    {
        pauses.After(operation, address, before, after);
        if (s_call is not { Ended: false } call || Words.SlotAt(address) is not (>= 0 and var slot))
            return;
        call.Slot = slot;
        Keep(slot, new RecordedStep(call, OperationOf(operation), before, after));
        _order.Exit();
    }

    /// <summary>The calling thread's call runs a destructor on what is in the slot it touched last.</summary>
    public void Destroy(int destructorType, int contentType)
    {
        if (s_call is not { } call)
            return;
        lock (_order)
            Keep(call.Slot, new RecordedStep(call, TraceOperation.Destroy, 0, 0, destructorType, contentType));
    }

    /// <summary>
    /// The steps of the slot that the calling thread touched last, up to now, and its call. Calls are copied as they stand: one that
    /// is about to make a further step is waiting for the lock, and is seen as not ended.
    /// </summary>
    public (OpenCall? Call, RecordedStep[] Steps) Snapshot()
    {
        lock (_order)
        {
            if (s_call is not { } own || !_steps.TryGetValue(own.Slot, out var steps))
                return (null, []);
            var copies = steps.Select(step => step.Call).Distinct().ToDictionary(call => call, call => call.Copy());
            return (copies[own], [.. steps.Select(step => step with { Call = copies[step.Call] })]);
        }
    }

    private static TraceOperation OperationOf(SeamOperation operation) => operation switch
    {
        SeamOperation.Add => TraceOperation.Add,
        SeamOperation.CompareExchange => TraceOperation.CompareExchange,
        SeamOperation.StoreRelease => TraceOperation.Store,
        _ => TraceOperation.Load,
    };

    private void Keep(int slot, RecordedStep step)
    {
        if (!_steps.TryGetValue(slot, out var steps))
            _steps[slot] = steps = [];
        if (steps.Count == 2 * StepsKept)
            steps.RemoveRange(0, StepsKept);
        steps.Add(step);
    }
}
