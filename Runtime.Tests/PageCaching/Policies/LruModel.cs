namespace FolioRuntime.Tests.PageCaching.Policies;

internal sealed class LruModel : PolicyModel
{
    private readonly List<int> _pages = [];

    public override void Kept(int page) => ToFront(_pages, page);

    protected override void OnAdded(int page, ulong key) => _pages.Insert(0, page);

    protected override void OnAccessed(int page) => ToFront(_pages, page);

    protected override int Choose() => _pages[^1];

    protected override void OnRemoved(int page, ulong key, bool reclaimed) => _pages.Remove(page);
}
