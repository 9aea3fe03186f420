namespace FolioRuntime.PageCaching.Policies;

/// <summary>Gives up the page that was used least recently.</summary>
internal sealed class LruPolicy(int capacityPages) : ReplacementPolicy(capacityPages)
{
    private const int Pages = 0;

    private readonly NodeLists _lists = new(capacityPages, lists: 1);

    public override string Name => "lru";

    protected override void OnAdded(int page, ulong key) => _lists.AddFirst(Pages, page);

    protected override void OnAccessed(int page) => _lists.MoveFirst(Pages, page);

    protected override int ChooseVictim() => _lists.Last(Pages);

    protected override void OnKept(int page) => _lists.MoveFirst(Pages, page);

    protected override void OnRemoved(int page, bool reclaimed) => _lists.Remove(page);
}
