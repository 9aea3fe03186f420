namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// ARC: pages used once and pages used again in two lists, with as many ghosts of each, and a target between them that moves to where ghosts come back. Megiddo and Modha,
/// "ARC: a self-tuning, low overhead replacement cache", FAST 2003. The victim is named before it is known who comes in, so a ghost moves the target for the next victim.
/// </summary>
internal sealed class ArcPolicy : ReplacementPolicy
{
    private const int Once = 0;
    private const int Again = 1;
    private const int OnceGhosts = 2;
    private const int AgainGhosts = 3;

    private readonly NodeLists _lists;
    private readonly GhostTable _ghosts;
    private readonly uint[] _fingerprints;
    private int _onceTarget;

    public ArcPolicy(int capacityPages)
        : base(capacityPages)
    {
        // Nodes: the pages, then the ghosts.
        _ghosts = new GhostTable(capacityPages);
        _lists = new NodeLists(capacityPages + _ghosts.Capacity, lists: 4);
        _fingerprints = new uint[capacityPages];
    }

    public override string Name => "arc";

    protected override void OnAdded(int page, ulong key)
    {
        _fingerprints[page] = Fingerprints.Of(key);
        _lists.SetPages(page, PagesOf(page));
        var ghost = _ghosts.Find(_fingerprints[page]);
        if (ghost == NodeLists.None)
        {
            _lists.AddFirst(Once, page);
            return;
        }

        var (once, again) = (_lists.Count(OnceGhosts), _lists.Count(AgainGhosts));
        _onceTarget = _lists.IsIn(OnceGhosts, CapacityPages + ghost)
            ? Math.Min(CapacityPages, _onceTarget + Math.Max(1, again / once))
            : Math.Max(0, _onceTarget - Math.Max(1, once / again));
        Forget(ghost);
        _lists.AddFirst(Again, page);
    }

    protected override void OnAccessed(int page) => _lists.MoveFirst(Again, page);

    protected override int ChooseVictim()
    {
        var isOnce = _lists.Count(Again) == 0 || (_lists.Count(Once) > 0 && _lists.Count(Once) > _onceTarget);
        return _lists.Last(isOnce ? Once : Again);
    }

    protected override void OnKept(int page) => _lists.MoveFirst(_lists.ListOf(page), page);

    protected override void OnRemoved(int page, bool reclaimed)
    {
        var ghosts = _lists.IsIn(Once, page) ? OnceGhosts : AgainGhosts;
        _lists.Remove(page);
        if (!reclaimed)
            return;

        // Pages used once and their ghosts are no more than the capacity; all ghosts together neither.
        if (ghosts == OnceGhosts && _lists.Count(OnceGhosts) > 0 && _lists.Count(Once) + _lists.Count(OnceGhosts) >= CapacityPages)
            Forget(_lists.Last(OnceGhosts) - CapacityPages);
        if (_ghosts.IsFull)
            Forget(_lists.Last(_lists.Count(AgainGhosts) > 0 ? AgainGhosts : OnceGhosts) - CapacityPages);
        var ghost = CapacityPages + _ghosts.Add(_fingerprints[page]);
        _lists.SetPages(ghost, PagesOf(page));
        _lists.AddFirst(ghosts, ghost);
    }

    private void Forget(int ghost)
    {
        _lists.Remove(CapacityPages + ghost);
        _ghosts.Remove(ghost);
    }
}
