namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// LIRS: nearly all of the cache belongs to pages whose last two uses were close together ("low" pages); the rest is a short queue that all others pass through. A stack ordered by
/// the last use, with ghosts in it, tells how close. Jiang and Zhang, "LIRS: an efficient low inter-reference recency set replacement policy", SIGMETRICS 2002.
/// </summary>
internal class LirsPolicy : ReplacementPolicy
{
    private protected const int QueuePart = 100;

    private const int Stack = 0;
    private const int Queue = 0;
    private const int GhostOrder = 1;
    private const int GhostsPerPage = 2;
    private const int MostDemotions = 2;

    private readonly NodeLists _stack;
    private readonly NodeLists _queues;
    private readonly GhostTable _ghosts;
    private readonly uint[] _fingerprints;
    private readonly bool[] _isDemoted;

    // How many pages aren't in the queue: all of them are in the stack, and one of them is its last.
    private int _low;

    // There is room for all: what comes is low without having shown it.
    private bool _isFilling = true;

    public LirsPolicy(int capacityPages)
        : base(capacityPages)
    {
        // Nodes: the pages, then the ghosts.
        _ghosts = new GhostTable(checked(capacityPages * GhostsPerPage));
        _stack = new NodeLists(capacityPages + _ghosts.Capacity, lists: 1);
        _queues = new NodeLists(capacityPages + _ghosts.Capacity, lists: 2);
        _fingerprints = new uint[capacityPages];
        _isDemoted = new bool[capacityPages];
        LowTarget = Math.Max(1, capacityPages - Math.Max(1, capacityPages / QueuePart));
    }

    public override string Name => "lirs";

    /// <summary>How many pages may be low.</summary>
    private protected int LowTarget { get; set; }

    private protected int GhostCount => _ghosts.Count;

    /// <summary>Pages in the queue that were low.</summary>
    private protected int DemotedCount { get; private set; }

    /// <summary>A page came back that a longer queue might have kept.</summary>
    private protected virtual void OnGhostHit()
    {
    }

    /// <summary>A page was used that was low: a shorter queue would have left it so.</summary>
    private protected virtual void OnDemotedHit()
    {
    }

    protected override void OnAdded(int page, ulong key)
    {
        _fingerprints[page] = Fingerprints.Of(key);
        var ghost = _ghosts.Find(_fingerprints[page]);
        if (ghost != NodeLists.None)
        {
            Forget(ghost);
            OnGhostHit();
        }

        _stack.AddFirst(Stack, page);
        if (ghost == NodeLists.None && !(_isFilling && _low < LowTarget))
        {
            _queues.AddFirst(Queue, page);
            return;
        }

        _low += PagesOf(page);
        Demote();
    }

    protected override void OnAccessed(int page)
    {
        var isInStack = _stack.IsIn(Stack, page);
        if (isInStack)
            _stack.Remove(page);
        _stack.AddFirst(Stack, page);
        if (IsLow(page))
        {
            Prune();
            return;
        }

        if (_isDemoted[page])
        {
            OnDemotedHit();
            EndDemotion(page);
        }

        if (!isInStack)
        {
            _queues.MoveFirst(Queue, page);
            return;
        }

        _queues.Remove(page);
        _low += PagesOf(page);
        Demote();
    }

    protected override int ChooseVictim()
    {
        _isFilling = false;
        return _queues.Count(Queue) > 0 ? _queues.Last(Queue) : _stack.Last(Stack);
    }

    protected override void OnKept(int page)
    {
        if (!IsLow(page))
        {
            _queues.MoveFirst(Queue, page);
            return;
        }

        _stack.MoveFirst(Stack, page);
        Prune();
    }

    protected override void OnRemoved(int page, bool reclaimed)
    {
        _isFilling |= !reclaimed && Count < CapacityPages / 2;
        if (IsLow(page))
        {
            _low -= PagesOf(page);
            _stack.Remove(page);
            Prune();
            return;
        }

        EndDemotion(page);
        _queues.Remove(page);
        if (!_stack.IsIn(Stack, page))
            return;
        if (!reclaimed)
        {
            _stack.Remove(page);
            return;
        }

        if (_ghosts.IsFull)
            Forget(_queues.Last(GhostOrder) - CapacityPages);
        var ghost = CapacityPages + _ghosts.Add(_fingerprints[page]);
        _stack.Replace(page, by: ghost);
        _queues.AddFirst(GhostOrder, ghost);
    }

    private bool IsLow(int page) => !_queues.IsIn(Queue, page);

    private void EndDemotion(int page)
    {
        DemotedCount -= _isDemoted[page] ? PagesOf(page) : 0;
        _isDemoted[page] = false;
    }

    // What is low and was used longest ago goes to the queue while there are too many; few at a time, so that no event takes long.
    private void Demote()
    {
        Prune();
        for (var demotions = 0; demotions < MostDemotions && _low > LowTarget; demotions++)
        {
            var last = _stack.Last(Stack);
            _stack.Remove(last);
            _queues.AddFirst(Queue, last);
            _isDemoted[last] = true;
            DemotedCount += PagesOf(last);
            _low -= PagesOf(last);
            Prune();
        }
    }

    // Until the last of the stack is low: what is beyond it can't become so. Ends: every step takes a node out.
    private void Prune()
    {
        for (var last = _stack.Last(Stack); last != NodeLists.None && !(last < CapacityPages && IsLow(last)); last = _stack.Last(Stack))
        {
            if (last < CapacityPages)
                _stack.Remove(last);
            else
                Forget(last - CapacityPages);
        }
    }

    private void Forget(int ghost)
    {
        _stack.Remove(CapacityPages + ghost);
        _queues.Remove(CapacityPages + ghost);
        _ghosts.Remove(ghost);
    }
}
