namespace FolioRuntime.Tests.PageCaching.Policies;

internal sealed class S3FifoModel(int capacity) : PolicyModel
{
    private readonly List<int> _small = [];
    private readonly List<int> _main = [];
    private readonly List<ulong> _ghosts = [];
    private readonly Dictionary<int, int> _uses = [];
    private readonly int _smallTarget = Math.Max(1, capacity / 10);

    public override void Kept(int page) => ToFront(_small.Contains(page) ? _small : _main, page);

    protected override void OnAdded(int page, ulong key)
    {
        _uses[page] = 0;
        (_ghosts.Remove(key) ? _main : _small).Insert(0, page);
    }

    protected override void OnAccessed(int page) => _uses[page] = Math.Min(3, _uses[page] + 1);

    protected override int Choose()
    {
        while (true)
        {
            if (_small.Count >= _smallTarget || _main.Count == 0)
            {
                var page = _small[^1];
                if (_uses[page] < 2)
                    return page;
                _small.Remove(page);
                _main.Insert(0, page);
                _uses[page] = 0;
            }
            else
            {
                var page = _main[^1];
                if (_uses[page] == 0)
                    return page;
                _uses[page]--;
                ToFront(_main, page);
            }
        }
    }

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        _main.Remove(page);
        if (!_small.Remove(page) || !reclaimed)
            return;
        _ghosts.Insert(0, key);
        if (_ghosts.Count > Math.Max(1, capacity - _smallTarget))
            _ghosts.RemoveAt(_ghosts.Count - 1);
    }
}
