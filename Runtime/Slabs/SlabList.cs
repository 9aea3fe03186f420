using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>A doubly linked list of slabs through their headers, by the number of their first frame. Guarded by the cache's latch.</summary>
internal sealed class SlabList(FrameTable tables, SlabListKind kind)
{
    private const uint None = uint.MaxValue;

    private uint _last = None;

    public uint First { get; private set; } = None;

    public int Count { get; private set; }

    public uint Last => _last;

    /// <summary>The fewest slabs there were on it since <see cref="BeginInterval"/>: as many are more than was needed.</summary>
    public int FewestInInterval { get; private set; }

    public void AddFirst(uint head)
    {
        ref var header = ref Claim(head);
        header.Previous = None;
        header.Next = First;
        if (First != None)
            tables.Header(First).Previous = head;
        else
            _last = head;
        First = head;
    }

    public void AddLast(uint head)
    {
        ref var header = ref Claim(head);
        header.Next = None;
        header.Previous = _last;
        if (_last != None)
            tables.Header(_last).Next = head;
        else
            First = head;
        _last = head;
    }

    /// <summary>Takes a slab off and says where it goes instead.</summary>
    public void MoveOut(uint head, SlabListKind to)
    {
        ref var header = ref tables.Header(head);
        Invariant.Require(header.List == kind, "a slab is taken off the list it is on");
        if (header.Previous != None)
            tables.Header(header.Previous).Next = header.Next;
        else
            First = header.Next;
        if (header.Next != None)
            tables.Header(header.Next).Previous = header.Previous;
        else
            _last = header.Previous;
        header.List = to;
        Count--;
        FewestInInterval = Math.Min(FewestInInterval, Count);
    }

    /// <summary>Whether a slab and its neighbours agree that it is on this list: only then may its links be followed.</summary>
    public bool IsLinked(uint head)
    {
        ref var header = ref tables.Header(head);
        return header.List == kind
            && (header.Previous == None ? First == head : header.Previous < tables.CommittedFrames && tables.Header(header.Previous).Next == head)
            && (header.Next == None ? _last == head : header.Next < tables.CommittedFrames && tables.Header(header.Next).Previous == head);
    }

    /// <summary>Forgets all slabs; their headers stay as they are.</summary>
    public void Clear()
    {
        First = None;
        _last = None;
        Count = 0;
        FewestInInterval = 0;
    }

    public void BeginInterval() => FewestInInterval = Count;

    public bool All(Predicate<uint> predicate)
    {
        var walked = 0;
        for (var head = First; head != None; head = tables.Header(head).Next)
        {
            if (++walked > Count || tables.Header(head).List != kind || !predicate(head))
                return false;
        }

        return walked == Count;
    }

    private ref SlabHeader Claim(uint head)
    {
        ref var header = ref tables.Header(head);
        Invariant.Check(header.List is SlabListKind.Full or SlabListKind.None, "a slab is on one list at a time");
        header.List = kind;
        Count++;
        return ref header;
    }
}
