namespace FolioRuntime.PageCaching.Policies;

/// <summary>
/// Moves a size in the direction in which the hit ratio rose, by steps that shrink until the ratio changes much. Over samples of ten uses a page; as Caffeine does.
/// </summary>
internal sealed class HillClimber
{
    private const int UsesPerPage = 10;
    private const double FirstPart = 0.01;
    private const double StepPart = 0.0625;
    private const double Decay = 0.98;
    private const double Restart = 0.05;

    private readonly int _capacity;
    private readonly long _sample;
    private double _size;
    private double _step;
    private double _lastRatio = double.NaN;
    private long _hits;
    private long _misses;

    public HillClimber(int capacityPages)
    {
        _capacity = capacityPages;
        _sample = (long)UsesPerPage * capacityPages;
        _size = Math.Max(1, capacityPages * FirstPart);
        _step = -StepPart * capacityPages;
    }

    /// <summary>Pages, at least 1.</summary>
    public int Target => (int)_size;

    public void Hit()
    {
        _hits++;
        Climb();
    }

    public void Missed()
    {
        _misses++;
        Climb();
    }

    private void Climb()
    {
        if (_hits + _misses < _sample)
            return;
        var ratio = (double)_hits / (_hits + _misses);
        (_hits, _misses) = (0, 0);
        var change = double.IsNaN(_lastRatio) ? 0 : ratio - _lastRatio;
        _lastRatio = ratio;
        var move = change >= 0 ? _step : -_step;
        _size = Math.Clamp(_size + move, 1, Math.Max(1, _capacity - 1));
        _step = Math.Abs(change) >= Restart ? StepPart * _capacity * Math.Sign(move) : Decay * move;
    }
}
