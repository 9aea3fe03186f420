using System.Numerics;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// Keys of pages that are gone, as fingerprints, each in a numbered node that the owner puts in lists. Open addressing with linear probing over at most half
/// as many fingerprints as places; a removal closes the gap, so that probes stay short. About 20 bytes a ghost.
/// </summary>
internal sealed class GhostTable
{
    private readonly uint[] _fingerprints;
    private readonly int[] _free;
    private readonly int[] _table;
    private readonly int _mask;

    public GhostTable(int capacity)
    {
        Capacity = capacity;
        _fingerprints = new uint[capacity];
        _free = new int[capacity];
        for (var node = 0; node < capacity; node++)
            _free[node] = capacity - 1 - node;
        _table = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, capacity * 2L))];
        Array.Fill(_table, NodeLists.None);
        _mask = _table.Length - 1;
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public uint FingerprintOf(int node) => _fingerprints[node];

    /// <summary>A new ghost's node. There must be room.</summary>
    public int Add(uint fingerprint)
    {
        Invariant.Require(!IsFull, "a ghost is added only where there is room");
        var node = _free[Capacity - 1 - Count];
        Count++;
        _fingerprints[node] = fingerprint;
        var place = (int)fingerprint & _mask;
        while (_table[place] != NodeLists.None)
            place = (place + 1) & _mask;
        _table[place] = node;
        return node;
    }

    /// <summary>The node of a ghost; none if there is none.</summary>
    public int Find(uint fingerprint)
    {
        for (var place = (int)fingerprint & _mask; _table[place] != NodeLists.None; place = (place + 1) & _mask)
        {
            if (_fingerprints[_table[place]] == fingerprint)
                return _table[place];
        }

        return NodeLists.None;
    }

    public void Remove(int node)
    {
        // Ends: the node is in the table, no further than the next empty place.
        var place = (int)_fingerprints[node] & _mask;
        while (_table[place] != node)
            place = (place + 1) & _mask;
        CloseGap(place);
        Count--;
        _free[Capacity - 1 - Count] = node;
    }

    // Whatever stands behind and would not be found across the gap moves into it.
    private void CloseGap(int gap)
    {
        for (var place = (gap + 1) & _mask; _table[place] != NodeLists.None; place = (place + 1) & _mask)
        {
            var home = (int)_fingerprints[_table[place]] & _mask;
            if (((place - home) & _mask) < ((place - gap) & _mask))
                continue;
            _table[gap] = _table[place];
            gap = place;
        }

        _table[gap] = NodeLists.None;
    }
}
