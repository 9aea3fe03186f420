using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race.Traces;

/// <summary>Makes a trace of each violation while it happens, and keeps the shortest.</summary>
internal sealed class TraceCollector(TraceRecorder recorder, string protocol, string scenario, ulong seed, int enough = TraceCollector.DefaultEnough)
{
    public const int DefaultEnough = 24;

    private readonly Lock _lock = new();
    private int _caught;

    public Trace? Shortest { get; private set; }

    /// <summary>Further traces would hardly be shorter.</summary>
    public bool HasEnough => Volatile.Read(ref _caught) >= enough;

    /// <summary>Called on the thread whose destructor did it, before it does anything else.</summary>
    public void OnFault(Fault fault)
    {
        if (fault.DestructorType < 0 || HasEnough)
            return;
        var (call, steps) = recorder.Snapshot();
        if (call is null || TraceTrimmer.Trim(protocol, scenario, seed, call, steps) is not { } trace)
            return;
        lock (_lock)
        {
            _caught++;
            if (Shortest is null || LengthOf(trace) < LengthOf(Shortest))
                Shortest = trace;
        }
    }

    // A life that had to be cut out makes a schedule harder to believe than a few more steps.
    private static int LengthOf(Trace trace) => trace.Steps.Count + (8 * trace.LivesLeftOut);
}
