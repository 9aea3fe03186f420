namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>LIRS, and the default, which moves the queue's length. The stack has keys, of pages and of ghosts.</summary>
internal sealed class LirsModel(int capacity, bool isAdaptive) : PolicyModel
{
    private readonly List<ulong> _stack = [];
    private readonly List<ulong> _queue = [];
    private readonly List<ulong> _ghosts = [];
    private readonly HashSet<ulong> _low = [];
    private readonly HashSet<ulong> _demoted = [];
    private bool _isFilling = true;
    private double _queueLength = Math.Max(1, capacity / 100);

    private int LowTarget => Math.Max(1, capacity - (int)_queueLength);

    public override void Kept(int page)
    {
        if (_queue.Contains(Keys[page]))
        {
            ToFront(_queue, Keys[page]);
            return;
        }

        ToFront(_stack, Keys[page]);
        Prune();
    }

    protected override void OnAdded(int page, ulong key)
    {
        var isGhost = _ghosts.Remove(key);
        if (isGhost)
        {
            _stack.Remove(key);
            Move(Math.Max(1, (double)_demoted.Count / Math.Max(1, _ghosts.Count)));
        }

        _stack.Insert(0, key);
        if (isGhost || (_isFilling && _low.Count < LowTarget))
            Promote(key);
        else
            _queue.Insert(0, key);
    }

    protected override void OnAccessed(int page)
    {
        var key = Keys[page];
        var isInStack = _stack.Contains(key);
        ToFront(_stack, key);
        if (_demoted.Contains(key))
        {
            Move(-Math.Max(1, (double)_ghosts.Count / Math.Max(1, _demoted.Count)));
            _demoted.Remove(key);
        }

        if (_low.Contains(key))
            Prune();
        else if (isInStack)
            Promote(key);
        else
            ToFront(_queue, key);
    }

    protected override int Choose()
    {
        _isFilling = false;
        var key = _queue.Count > 0 ? _queue[^1] : _stack[^1];
        return Keys.Single(known => known.Value == key).Key;
    }

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        _isFilling |= !reclaimed && Keys.Count < capacity / 2;
        _demoted.Remove(key);
        if (_low.Remove(key))
        {
            _stack.Remove(key);
            Prune();
            return;
        }

        _queue.Remove(key);
        if (!reclaimed)
            _stack.Remove(key);
        if (!_stack.Contains(key))
            return;
        _ghosts.Insert(0, key);
        if (_ghosts.Count > capacity * 2)
            Forget(_ghosts[^1]);
    }

    private void Promote(ulong key)
    {
        _queue.Remove(key);
        _low.Add(key);
        Prune();
        for (var demotions = 0; demotions < 2 && _low.Count > LowTarget; demotions++)
        {
            var last = _stack[^1];
            _stack.Remove(last);
            _low.Remove(last);
            _queue.Insert(0, last);
            _demoted.Add(last);
            Prune();
        }
    }

    private void Prune()
    {
        while (_stack.Count > 0 && !_low.Contains(_stack[^1]))
            Forget(_stack[^1]);
    }

    private void Forget(ulong key)
    {
        _stack.Remove(key);
        _ghosts.Remove(key);
    }

    private void Move(double pages)
    {
        if (isAdaptive)
            _queueLength = Math.Clamp(_queueLength + pages, Math.Max(1, capacity / 100), Math.Max(Math.Max(1, capacity / 100), capacity / 5));
    }
}
