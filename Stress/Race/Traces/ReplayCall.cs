namespace FolioRuntime.Race.Traces;

/// <summary>A call being replayed: the positions in the schedule that are its own, in order.</summary>
internal sealed class ReplayCall(TraceCall recorded, IReadOnlyList<int> positions)
{
    private int _next;

    public TraceCall Recorded => recorded;

    /// <summary>The position it makes next, or -1 when it has made all.</summary>
    public int Next => _next < positions.Count ? positions[_next] : -1;

    /// <summary>Waiting for this position, which its access then makes; -1: the access is not in the schedule.</summary>
    public int Entered { get; set; } = -1;

    public void Advance() => _next++;

    /// <summary>What it didn't make.</summary>
    public IEnumerable<int> Rest => positions.Skip(_next);
}
