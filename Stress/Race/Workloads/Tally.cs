namespace FolioRuntime.Race.Workloads;

/// <summary>What one thread did. Written by that thread alone, summed while it runs, so sums may lag a little.</summary>
internal sealed class Tally
{
    /// <summary>Calls into the protocol.</summary>
    public long Operations;

    /// <summary>Look-ups that failed through a handle whose object was destroyed before the look-up began.</summary>
    public long StaleRejected;

    /// <summary>Objects allocated or rented.</summary>
    public long Allocations;
}
