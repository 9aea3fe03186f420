namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// W-TinyLFU: a window ordered by the last use that every page comes in by, and a segmented main part. What leaves the window stays only if it was used more often than what the main part
/// would give up. The window's size climbs to where there are more hits. Einziger, Eytan, Friedman and Manes, "Adaptive software cache management", Middleware 2018.
/// </summary>
internal sealed class WindowTinyLfuPolicy : ReplacementPolicy
{
    private const int Window = 0;
    private const int Probation = 1;
    private const int Protected = 2;
    private const double ProtectedPart = 0.8;

    private readonly NodeLists _lists;
    private readonly FrequencySketch _frequencies;
    private readonly HillClimber _climber;
    private readonly uint[] _fingerprints;

    public WindowTinyLfuPolicy(int capacityPages)
        : base(capacityPages)
    {
        _lists = new NodeLists(capacityPages, lists: 3);
        _frequencies = new FrequencySketch(capacityPages);
        _climber = new HillClimber(capacityPages);
        _fingerprints = new uint[capacityPages];
    }

    public override string Name => "w-tinylfu";

    protected override void OnAdded(int page, ulong key)
    {
        _fingerprints[page] = Fingerprints.Of(key);
        _lists.SetPages(page, PagesOf(page));
        _frequencies.Add(_fingerprints[page]);
        _climber.Missed();
        _lists.AddFirst(Window, page);
        while (_lists.Count(Window) > _climber.Target)
            _lists.MoveFirst(Probation, _lists.Last(Window));
    }

    protected override void OnAccessed(int page)
    {
        _frequencies.Add(_fingerprints[page]);
        _climber.Hit();
        _lists.MoveFirst(_lists.IsIn(Window, page) ? Window : Protected, page);
        while (_lists.Count(Protected) > (int)((CapacityPages - _climber.Target) * ProtectedPart))
            _lists.MoveFirst(Probation, _lists.Last(Protected));
    }

    protected override int ChooseVictim()
    {
        var main = _lists.Last(_lists.Count(Probation) > 0 ? Probation : Protected);
        if (main == NodeLists.None)
            return _lists.Last(Window);

        // A window that isn't full gives nothing up.
        if (_lists.Count(Window) < _climber.Target || _lists.Count(Window) == 0)
            return main;
        var candidate = _lists.Last(Window);
        return _frequencies.Of(_fingerprints[candidate]) > _frequencies.Of(_fingerprints[main]) ? main : candidate;
    }

    protected override void OnKept(int page) => _lists.MoveFirst(_lists.ListOf(page), page);

    protected override void OnRemoved(int page, bool reclaimed) => _lists.Remove(page);
}
