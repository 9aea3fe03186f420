namespace FolioRuntime.Platform;

/// <summary>
/// The nodes of memory that the machine has, each near some processors and farther from the others. Counted from 0 without gaps; the system's own numbers may have
/// some. Doesn't change. Thread-safe. Linux: <c>node_distance</c>, <c>numa_node_id</c>.
/// </summary>
internal interface INumaTopology
{
    int NodeCount { get; }

    /// <summary>The node of the processor that runs the caller, or did a moment ago.</summary>
    int CurrentNode { get; }

    /// <summary>The system's number of a node, for <see cref="MemoryRegion.PreferNode"/>.</summary>
    int SystemNumber(int node);

    /// <summary>How far a node's memory is for the processors of another: 10 is near. Only comparisons mean anything.</summary>
    int Distance(int from, int to);
}
