namespace FolioRuntime.Tests.PageCaching.Policies;

internal sealed class ClockModel : PolicyModel
{
    private readonly List<int> _pages = [];
    private readonly HashSet<int> _referenced = [];

    public override void Kept(int page) => ToFront(_pages, page);

    protected override void OnAdded(int page, ulong key) => _pages.Insert(0, page);

    protected override void OnAccessed(int page) => _referenced.Add(page);

    protected override int Choose()
    {
        while (_referenced.Remove(_pages[^1]))
            ToFront(_pages, _pages[^1]);
        return _pages[^1];
    }

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        _pages.Remove(page);
        _referenced.Remove(page);
    }
}
