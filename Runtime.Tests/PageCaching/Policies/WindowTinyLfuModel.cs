using FolioRuntime.PageCaching.Policies;

namespace FolioRuntime.Tests.PageCaching.Policies;

/// <summary>Over the same sketch and the same climber, which have tests of their own.</summary>
internal sealed class WindowTinyLfuModel(int capacity) : PolicyModel
{
    private readonly List<int> _window = [];
    private readonly List<int> _probation = [];
    private readonly List<int> _protected = [];
    private readonly FrequencySketch _sketch = new(capacity);
    private readonly HillClimber _climber = new(capacity);

    public override void Kept(int page) => ToFront(new[] { _window, _probation, _protected }.Single(list => list.Contains(page)), page);

    protected override void OnAdded(int page, ulong key)
    {
        _sketch.Add(Fingerprints.Of(key));
        _climber.Missed();
        _window.Insert(0, page);
        while (_window.Count > _climber.Target)
            MoveLast(_window);
    }

    protected override void OnAccessed(int page)
    {
        _sketch.Add(Fingerprints.Of(Keys[page]));
        _climber.Hit();
        if (_window.Contains(page))
        {
            ToFront(_window, page);
        }
        else
        {
            _probation.Remove(page);
            ToFront(_protected, page);
        }

        while (_protected.Count > (int)((capacity - _climber.Target) * 0.8))
            MoveLast(_protected);
    }

    protected override int Choose()
    {
        var main = _probation.Concat(_protected).ToArray();
        if (main.Length == 0)
            return _window[^1];
        var victim = _probation.Count > 0 ? _probation[^1] : _protected[^1];
        if (_window.Count == 0 || _window.Count < _climber.Target)
            return victim;
        return Frequency(_window[^1]) > Frequency(victim) ? victim : _window[^1];
    }

    protected override void OnRemoved(int page, ulong key, bool reclaimed)
    {
        _window.Remove(page);
        _probation.Remove(page);
        _protected.Remove(page);
    }

    private int Frequency(int page) => _sketch.Of(Fingerprints.Of(Keys[page]));

    private void MoveLast(List<int> list)
    {
        _probation.Insert(0, list[^1]);
        list.RemoveAt(list.Count - 1);
    }
}
