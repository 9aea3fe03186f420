namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>By the letters of the paper: T1 and T2 are pages, B1 and B2 ghosts, p the target of T1.</summary>
internal sealed class ArcModel(int capacity) : PolicyModel
{
    private readonly List<int> _t1 = [];
    private readonly List<int> _t2 = [];
    private readonly List<ulong> _b1 = [];
    private readonly List<ulong> _b2 = [];
    private int _p;

    public override void Kept(int page) => ToFront(_t1.Contains(page) ? _t1 : _t2, page);

    protected override void OnAdded(int page, ulong key)
    {
        if (_b1.Contains(key))
            _p = Math.Min(capacity, _p + Math.Max(1, _b2.Count / _b1.Count));
        else if (_b2.Contains(key))
            _p = Math.Max(0, _p - Math.Max(1, _b1.Count / _b2.Count));
        (_b1.Remove(key) | _b2.Remove(key) ? _t2 : _t1).Insert(0, page);
    }

    protected override void OnAccessed(int page)
    {
        _t1.Remove(page);
        ToFront(_t2, page);
    }

    protected override int Choose() => _t1.Count > 0 && (_t1.Count > _p || _t2.Count == 0) ? _t1[^1] : _t2[^1];

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        var ghosts = _t1.Remove(page) ? _b1 : _b2;
        _t2.Remove(page);
        if (!reclaimed)
            return;
        ghosts.Insert(0, key);
        if (ghosts == _b1 && _b1.Count > 1 && _t1.Count + _b1.Count > capacity)
            _b1.RemoveAt(_b1.Count - 1);
        if (_b1.Count + _b2.Count <= capacity)
            return;

        // The new ghost is not the one that goes.
        var old = _b2.Count > (ghosts == _b2 ? 1 : 0) ? _b2 : _b1;
        old.RemoveAt(old.Count - 1);
    }
}
