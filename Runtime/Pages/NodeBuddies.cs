using FolioRuntime.Platform;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// A buddy system for each node of memory. An area is of one node for good, that for which it was committed, and blocks don't reach over the ends of areas: so a
/// frame goes back where it came from, and buddies are of one node.
/// <code>
///   area:    | 0 | 1 | 2 | 3 | …          local node first, then a new area for it, then the other nodes, the nearest first
///   of node:   0   1   1   0
/// </code>
/// With one node this is that node's buddy system and nothing else. The sums are over all nodes (L8). The caller holds the page allocator's latch. Linux:
/// <c>struct pglist_data</c>, its fallback <c>zonelist</c>, <c>NUMA_HIT</c> and <c>NUMA_MISS</c>.   [NumaTests]
/// </summary>
internal sealed class NodeBuddies
{
    private readonly FrameTable _frames;
    private readonly int _maxOrder;
    private readonly INumaTopology _topology;
    private readonly BuddyAllocator[] _buddies;
    private readonly bool _isOne;
    private readonly int[][] _othersByDistance;
    private readonly byte[] _nodeOfArea = [];
    private readonly long[] _committed;
    private readonly long[] _hits;
    private readonly long[] _misses;

    public NodeBuddies(FrameTable frames, int maxOrder, INumaTopology topology)
    {
        _frames = frames;
        _maxOrder = maxOrder;
        _topology = topology;
        var nodes = topology.NodeCount;
        Invariant.Require(nodes is >= 1 and <= byte.MaxValue, "nodes have numbers of a byte");
        _buddies = [.. Enumerable.Range(0, nodes).Select(_ => new BuddyAllocator(frames, maxOrder))];
        _isOne = nodes == 1;
        _othersByDistance = [.. Enumerable.Range(0, nodes).Select(node => Enumerable.Range(0, nodes)
            .Where(other => other != node)
            .OrderBy(other => topology.Distance(node, other))
            .ToArray())];
        _committed = new long[nodes];
        _hits = new long[nodes];
        _misses = new long[nodes];
        if (nodes > 1)
            _nodeOfArea = new byte[((long)frames.FrameCount >> maxOrder) + 1];
    }

    public int MaxOrder => _maxOrder;

    public long FreeFrames
    {
        get
        {
            long frames = 0;
            foreach (var buddy in _buddies)
                frames += buddy.FreeFrames;
            return frames;
        }
    }

    /// <summary>The node of the calling thread's processor.</summary>
    public int LocalNode => _isOne ? 0 : _topology.CurrentNode;

    /// <summary>The free blocks of one node.</summary>
    public FreeBlockLists FreeBlocks(int node) => _buddies[node].FreeBlocks;

    public int Nodes => _buddies.Length;

    public int NodeOf(uint frame) => _isOne ? 0 : _nodeOfArea[frame >> _maxOrder];

    public int SystemNumber(int node) => _topology.SystemNumber(node);

    /// <summary>Whether a frame is near the calling thread.</summary>
    public bool IsLocal(uint frame) => _isOne || _nodeOfArea[frame >> _maxOrder] == _topology.CurrentNode;

    /// <summary>As <see cref="FreeBlockLists.HasFrameOnlyFor"/>, on any node.</summary>
    public bool HasFrameOnlyFor(FrameUses use) =>
        _buddies.Any(buddy => buddy.FreeBlocks.HasFrameOnlyFor(use));

    /// <summary>Takes a block of a node.</summary>
    public bool TryTakeUnsynchronized(int node, int order, FrameUses use, out uint head)
    {
        if (!_buddies[node].TryTakeUnsynchronized(order, use, out head))
            return false;
        _hits[node]++;
        return true;
    }

    /// <summary>Takes a block of another node, the nearest that has one.</summary>
    public bool TryTakeElsewhereUnsynchronized(int node, int order, FrameUses use, out uint head)
    {
        head = FrameNumber.None.Value;
        foreach (var other in _othersByDistance[node])
        {
            if (!_buddies[other].TryTakeUnsynchronized(order, use, out head))
                continue;
            _misses[other]++;
            return true;
        }

        return false;
    }

    /// <summary>Takes in frames just committed for a node; if they are the rest of an area, they are of its node.</summary>
    /// <returns>The node they are of.</returns>
    public int AddUnsynchronized(uint first, uint count, int node)
    {
        if (!_isOne)
        {
            if ((first & ((1u << _maxOrder) - 1)) == 0)
                _nodeOfArea[first >> _maxOrder] = (byte)node;
            node = NodeOf(first);
        }

        _committed[node] += count;
        _buddies[node].FreeRangeUnsynchronized(first, count);
        return node;
    }

    public void FreeUnsynchronized(uint head, int order) => _buddies[NodeOf(head)].FreeUnsynchronized(head, order);

    /// <summary>Frames of one block, and so of one area.</summary>
    public void FreeRangeUnsynchronized(uint first, uint count)
    {
        if (count != 0)
            _buddies[NodeOf(first)].FreeRangeUnsynchronized(first, count);
    }

    public void SplitAllocatedUnsynchronized(uint head, int order, int partOrder) => _buddies[NodeOf(head)].SplitAllocatedUnsynchronized(head, order, partOrder);

    public int BlockCount(int order) => _buddies.Sum(buddy => buddy.FreeBlocks.BlockCount(order));

    public long WornFrameCount(FrameUses use) => _buddies.Sum(buddy => buddy.FreeBlocks.WornFrameCount(use));

    public IReadOnlyList<PageNodeStatistics> Statistics() => [.. Enumerable.Range(0, Nodes).Select(node => new PageNodeStatistics
    {
        Node = _topology.SystemNumber(node),
        CommittedFrames = _committed[node],
        FreeFrames = _buddies[node].FreeFrames,
        LocalBlocks = _hits[node],
        RemoteBlocks = _misses[node],
    })];

    /// <summary>Walks every committed frame and all lists. O(frames); tests and debug audits.</summary>
    public bool IsValidUnsynchronized() =>
        new FrameAudit(_frames, _maxOrder).IsValid(FreeFrames)
        && _buddies.All(buddy => buddy.FreeBlocks.IsValid(_maxOrder))
        && _committed.Sum() == _frames.CommittedFrames
        && Enumerable.Range(0, Nodes).All(node => FreeFramesInTable(node) == _buddies[node].FreeFrames);

    private long FreeFramesInTable(int node)
    {
        long free = 0;
        for (uint frame = 0; frame < _frames.CommittedFrames; frame++)
        {
            ref var entry = ref _frames.Frame(frame);
            free += entry.State == FrameState.Free && NodeOf(frame) == node ? 1L << entry.Order : 0;
        }

        return free;
    }
}
