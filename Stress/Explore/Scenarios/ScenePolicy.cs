using FolioRuntime.PageCaching;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Names the pages that are there one after the other, by number.</summary>
internal sealed class ScenePolicy(int capacityPages) : ReplacementPolicy(capacityPages)
{
    private int _hand;

    public override string Name => "scene";

    protected override void OnAdded(int page, ulong key)
    {
    }

    protected override void OnAccessed(int page)
    {
    }

    protected override void OnKept(int page)
    {
    }

    protected override void OnRemoved(int page, bool reclaimed)
    {
    }

    protected override int ChooseVictim()
    {
        // Ends: there is a page, says the base class.
        do
            _hand = (_hand + 1) % CapacityPages;
        while (!Contains(_hand));
        return _hand;
    }
}
