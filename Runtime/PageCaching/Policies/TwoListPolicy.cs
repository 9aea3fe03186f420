namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// Two lists, as Linux has them for pages of files. A page comes in on the inactive list and is activated when it is used again; the active list gives its oldest back while
/// it is the longer one. A page that comes back within a distance that the active list could have bridged is activated at once. Linux: <c>mm/workingset.c</c>,
/// <c>shrink_active_list</c>, <c>inactive_is_low</c>.
/// </summary>
internal sealed class TwoListPolicy : ReplacementPolicy
{
    private const int Inactive = 0;
    private const int Active = 1;
    private const int PagesOfGibibyte = 1 << 18;

    private readonly NodeLists _lists;
    private readonly GhostQueue _shadows;
    private readonly uint[] _fingerprints;
    private readonly int _inactiveRatio;

    // Evictions and activations: how far the inactive list has moved. Wraps, as differences do.
    private uint _nonresidentAge;

    public TwoListPolicy(int capacityPages)
        : base(capacityPages)
    {
        _lists = new NodeLists(capacityPages, lists: 2);
        _shadows = new GhostQueue(capacityPages);
        _fingerprints = new uint[capacityPages];
        _inactiveRatio = Math.Max(1, (int)Math.Sqrt(10.0 * (capacityPages / PagesOfGibibyte)));
    }

    public override string Name => "two-list";

    protected override void OnAdded(int page, ulong key)
    {
        _fingerprints[page] = Fingerprints.Of(key);
        _lists.SetPages(page, PagesOf(page));
        var isWorkingSet = _shadows.TryTake(_fingerprints[page], out var evicted) && _nonresidentAge - evicted <= _lists.Count(Active);
        _lists.AddFirst(isWorkingSet ? Active : Inactive, page);
        if (isWorkingSet)
            _nonresidentAge += (uint)PagesOf(page);
    }

    // The kernel marks an active page as referenced, which for pages that aren't mapped has no effect.
    protected override void OnAccessed(int page)
    {
        if (_lists.IsIn(Inactive, page))
            Activate(page);
    }

    protected override int ChooseVictim()
    {
        while (_lists.Count(Active) > 0 && (_lists.Count(Inactive) == 0 || (long)_lists.Count(Inactive) * _inactiveRatio < _lists.Count(Active)))
            _lists.MoveFirst(Inactive, _lists.Last(Active));
        return _lists.Last(Inactive);
    }

    protected override void OnKept(int page) => Activate(page);

    protected override void OnRemoved(int page, bool reclaimed)
    {
        _lists.Remove(page);
        if (reclaimed)
        {
            _shadows.Add(_fingerprints[page], _nonresidentAge);
            _nonresidentAge += (uint)PagesOf(page);
        }
    }

    private void Activate(int page)
    {
        _lists.MoveFirst(Active, page);
        _nonresidentAge += (uint)PagesOf(page);
    }
}
