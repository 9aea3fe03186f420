using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale.Measurements;

/// <summary>
/// Resident memory over the time of a sample, in a bounded number of points: when they are full every other is dropped, and from then on half as many are kept.
/// The peak is that of all that was noted.
/// </summary>
internal sealed class MemoryWatch
{
    /// <summary>Most points of a series. Even, so that the next to be kept follows at the same distance.</summary>
    public const int MostPoints = 100;

    private readonly List<MemoryPoint> _points = new(MostPoints);
    private int _stride = 1;
    private int _skipped;

    /// <summary>The largest noted.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The points kept, in the order of time, the first noted among them.</summary>
    public IReadOnlyList<MemoryPoint> Series => _points;

    /// <summary>Notes what is resident so long after the start.</summary>
    public void Note(TimeSpan elapsed, long bytes)
    {
        PeakBytes = Math.Max(PeakBytes, bytes);
        if (_points.Count > 0 && ++_skipped < _stride)
            return;
        _skipped = 0;
        if (_points.Count == MostPoints)
            Halve();
        _points.Add(new MemoryPoint(elapsed.TotalSeconds, bytes));
    }

    private void Halve()
    {
        for (var i = 0; i < MostPoints / 2; i++)
            _points[i] = _points[2 * i];
        _points.RemoveRange(MostPoints / 2, MostPoints / 2);
        _stride *= 2;
    }
}
