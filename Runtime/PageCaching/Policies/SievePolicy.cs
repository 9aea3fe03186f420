namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// SIEVE: like CLOCK, but what the hand passes stays where it is, so that new pages meet the hand soon and old ones that are used are left alone. Zhang and others, "SIEVE is
/// simpler than LRU", NSDI 2024.
/// </summary>
internal sealed class SievePolicy(int capacityPages) : ReplacementPolicy(capacityPages)
{
    private const int Pages = 0;

    private readonly NodeLists _lists = new(capacityPages, lists: 1);
    private readonly bool[] _isVisited = new bool[capacityPages];
    private int _hand = NodeLists.None;

    public override string Name => "sieve";

    protected override void OnAdded(int page, ulong key)
    {
        _isVisited[page] = false;
        _lists.AddFirst(Pages, page);
    }

    protected override void OnAccessed(int page) => _isVisited[page] = true;

    protected override int ChooseVictim()
    {
        // Ends: every step takes a mark, and nobody sets one meanwhile.
        var page = FromHand();
        while (_isVisited[page])
        {
            _isVisited[page] = false;
            _hand = _lists.Newer(page);
            page = FromHand();
        }

        return page;
    }

    protected override void OnKept(int page) => Pass(page);

    protected override void OnRemoved(int page, bool reclaimed)
    {
        Pass(page);
        _lists.Remove(page);
    }

    // None: from the oldest again.
    private int FromHand() => _hand == NodeLists.None ? _hand = _lists.Last(Pages) : _hand;

    private void Pass(int page)
    {
        if (page == _hand)
            _hand = _lists.Newer(page);
    }
}
