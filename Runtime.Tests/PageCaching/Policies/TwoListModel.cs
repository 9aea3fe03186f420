namespace FolioRuntime.Tests.PageCaching.Policies;

internal sealed class TwoListModel(int capacity) : PolicyModel
{
    private readonly List<int> _inactive = [];
    private readonly List<int> _active = [];
    private readonly List<(ulong Key, long Age)> _shadows = [];
    private long _age;

    public override void Kept(int page) => Activate(page);

    protected override void OnAdded(int page, ulong key)
    {
        var shadow = _shadows.FindIndex(known => known.Key == key);
        var isRefault = shadow >= 0 && _age - _shadows[shadow].Age <= _active.Count;
        if (shadow >= 0)
            _shadows.RemoveAt(shadow);
        if (isRefault)
            Activate(page);
        else
            _inactive.Insert(0, page);
    }

    protected override void OnAccessed(int page)
    {
        if (_inactive.Contains(page))
            Activate(page);
    }

    protected override int Choose()
    {
        while (_active.Count > _inactive.Count)
        {
            _inactive.Insert(0, _active[^1]);
            _active.RemoveAt(_active.Count - 1);
        }

        return _inactive[^1];
    }

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        _inactive.Remove(page);
        _active.Remove(page);
        if (!reclaimed)
            return;
        _shadows.Insert(0, (key, _age++));
        if (_shadows.Count > capacity)
            _shadows.RemoveAt(_shadows.Count - 1);
    }

    private void Activate(int page)
    {
        _inactive.Remove(page);
        ToFront(_active, page);
        _age++;
    }
}
