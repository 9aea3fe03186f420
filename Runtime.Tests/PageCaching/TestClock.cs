using FolioRuntime.PageCaching;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>CLOCK: the hand passes pages by number; one that was hit since is spared once.</summary>
internal sealed class TestClock(int capacityPages) : ReplacementPolicy(capacityPages)
{
    private readonly bool[] _hit = new bool[capacityPages];
    private int _hand;

    public override string Name => "test-clock";

    /// <summary>Hits that it was told of.</summary>
    public int Hits { get; private set; }

    protected override void OnAdded(int page, ulong key) => _hit[page] = false;

    protected override void OnAccessed(int page)
    {
        Hits++;
        _hit[page] = true;
    }

    protected override void OnKept(int page) => _hand = (page + 1) % CapacityPages;

    protected override void OnRemoved(int page, bool reclaimed)
    {
        if (page == _hand)
            _hand = (page + 1) % CapacityPages;
    }

    protected override int ChooseVictim()
    {
        // Ends: a second round finds every page's mark cleared.
        for (; !Contains(_hand) || _hit[_hand]; _hand = (_hand + 1) % CapacityPages)
            _hit[_hand] = false;
        return _hand;
    }
}
