namespace FolioRuntime.PageCaching.Policies;

/// <summary>The ghosts of the pages that went last, each with a stamp of the policy's own. A new one takes the place of the oldest when it is full.</summary>
internal sealed class GhostQueue
{
    private readonly GhostTable _table;
    private readonly NodeLists _order;
    private readonly uint[] _stamps;

    public GhostQueue(int capacity)
    {
        _table = new GhostTable(Math.Max(1, capacity));
        _order = new NodeLists(_table.Capacity, lists: 1);
        _stamps = new uint[_table.Capacity];
    }

    public int Count => _table.Count;

    public void Add(uint fingerprint, uint stamp = 0)
    {
        if (_table.IsFull)
            Remove(_order.Last(0));
        var node = _table.Add(fingerprint);
        _stamps[node] = stamp;
        _order.AddFirst(0, node);
    }

    /// <summary>Takes a ghost out, if it is there.</summary>
    public bool TryTake(uint fingerprint, out uint stamp)
    {
        var node = _table.Find(fingerprint);
        stamp = node == NodeLists.None ? 0 : _stamps[node];
        if (node == NodeLists.None)
            return false;
        Remove(node);
        return true;
    }

    private void Remove(int node)
    {
        _order.Remove(node);
        _table.Remove(node);
    }
}
