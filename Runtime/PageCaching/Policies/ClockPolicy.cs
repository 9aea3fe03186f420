namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// CLOCK: pages in the order they came, and a hand that passes those used since it was there last, taking their mark. Corbató, "A paging experiment with the Multics
/// system", 1968.
/// </summary>
internal sealed class ClockPolicy(int capacityPages) : ReplacementPolicy(capacityPages)
{
    private const int Pages = 0;

    private readonly NodeLists _lists = new(capacityPages, lists: 1);
    private readonly bool[] _isReferenced = new bool[capacityPages];

    public override string Name => "clock";

    protected override void OnAdded(int page, ulong key)
    {
        _isReferenced[page] = false;
        _lists.AddFirst(Pages, page);
    }

    protected override void OnAccessed(int page) => _isReferenced[page] = true;

    protected override int ChooseVictim()
    {
        // Ends: every step takes a mark, and nobody sets one meanwhile.
        while (_isReferenced[_lists.Last(Pages)])
        {
            var passed = _lists.Last(Pages);
            _isReferenced[passed] = false;
            _lists.MoveFirst(Pages, passed);
        }

        return _lists.Last(Pages);
    }

    protected override void OnKept(int page) => _lists.MoveFirst(Pages, page);

    protected override void OnRemoved(int page, bool reclaimed) => _lists.Remove(page);
}
