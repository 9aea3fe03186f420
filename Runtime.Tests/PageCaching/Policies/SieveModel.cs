namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>The hand is a page, or none: then it begins at the oldest.</summary>
internal sealed class SieveModel : PolicyModel
{
    private readonly List<int> _pages = [];
    private readonly HashSet<int> _visited = [];
    private int? _hand;

    public override void Kept(int page) => Pass(page);

    protected override void OnAdded(int page, ulong key) => _pages.Insert(0, page);

    protected override void OnAccessed(int page) => _visited.Add(page);

    protected override int Choose()
    {
        _hand ??= _pages[^1];
        while (_visited.Remove(_hand.Value))
        {
            Pass(_hand.Value);
            _hand ??= _pages[^1];
        }

        return _hand.Value;
    }

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        Pass(page);
        _pages.Remove(page);
        _visited.Remove(page);
    }

    private void Pass(int page)
    {
        if (page != _hand)
            return;
        var index = _pages.IndexOf(page);
        _hand = index == 0 ? null : _pages[index - 1];
    }
}
