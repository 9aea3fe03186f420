using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// Doubly linked lists over numbered nodes, by two arrays of links: a node is in one list at most. Behind the nodes each list has an entry of its own, which
/// closes the ring, so that no operation has a special case. Linux: <c>struct list_head</c>.
/// </summary>
internal sealed class NodeLists
{
    /// <summary>No node, or no list.</summary>
    public const int None = -1;

    private const byte NoList = byte.MaxValue;

    private readonly int _nodes;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly byte[] _listOf;

    // How many pages each node stands for besides one.
    private readonly ushort[] _morePages;
    private readonly int[] _counts;

    public NodeLists(int nodes, int lists)
    {
        Invariant.Require(lists is > 0 and < NoList, "there are from 1 to 254 lists");
        _nodes = nodes;
        _next = new int[nodes + lists];
        _previous = new int[nodes + lists];
        _listOf = new byte[nodes];
        _morePages = new ushort[nodes];
        _counts = new int[lists];
        Array.Fill(_listOf, NoList);
        for (var list = nodes; list < nodes + lists; list++)
            (_next[list], _previous[list]) = (list, list);
    }

    /// <summary>How many pages a list's nodes stand for.</summary>
    public int Count(int list) => _counts[list];

    /// <summary>How many pages a node stands for, from now on; 1 unless it was said. It is in no list.</summary>
    public void SetPages(int node, int pages)
    {
        Invariant.Check(_listOf[node] == NoList, "a node counts the same as long as it is in a list");
        _morePages[node] = (ushort)(pages - 1);
    }

    public int ListOf(int node) => _listOf[node] == NoList ? None : _listOf[node];

    public bool IsIn(int list, int node) => _listOf[node] == list;

    /// <summary>The newest node; none in an empty list.</summary>
    public int First(int list) => NodeOrNone(_next[_nodes + list]);

    /// <summary>The oldest.</summary>
    public int Last(int list) => NodeOrNone(_previous[_nodes + list]);

    /// <summary>The node that is one nearer to the first of the same list.</summary>
    public int Newer(int node) => NodeOrNone(_previous[node]);

    /// <summary>The node that is one nearer to the last of the same list.</summary>
    public int Older(int node) => NodeOrNone(_next[node]);

    public void AddFirst(int list, int node)
    {
        Invariant.Check(_listOf[node] == NoList, "a node is in one list at most");
        Link(list, node, before: _next[_nodes + list]);
    }

    public void Remove(int node)
    {
        Invariant.Check(_listOf[node] != NoList, "only a node in a list is removed");
        (_next[_previous[node]], _previous[_next[node]]) = (_next[node], _previous[node]);
        _counts[_listOf[node]] -= _morePages[node] + 1;
        _listOf[node] = NoList;
    }

    /// <summary>To the front of a list, whichever it is in.</summary>
    public void MoveFirst(int list, int node)
    {
        Remove(node);
        AddFirst(list, node);
    }

    /// <summary>Puts another node in the place of one.</summary>
    public void Replace(int node, int by)
    {
        int list = _listOf[node];
        var next = _next[node];
        Remove(node);
        Link(list, by, before: next);
    }

    private void Link(int list, int node, int before)
    {
        var previous = _previous[before];
        (_previous[node], _next[node]) = (previous, before);
        (_next[previous], _previous[before]) = (node, node);
        _listOf[node] = (byte)list;
        _counts[list] += _morePages[node] + 1;
    }

    private int NodeOrNone(int node) => node < _nodes ? node : None;
}
