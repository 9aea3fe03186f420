using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale.Returning;

/// <summary>
/// Resident memory over time in a bounded number of points: when they are full every other is dropped, and from then on half as many are kept. Each phase's first point stays.
/// One thread at a time.
/// </summary>
internal sealed class CourseSeries
{
    /// <summary>Most points of a series.</summary>
    public const int MostPoints = 200;

    private readonly List<ReturnPoint> _points = new(MostPoints);
    private int _stride = 1;
    private int _skipped;

    /// <summary>The points kept, in the order of time.</summary>
    public IReadOnlyList<ReturnPoint> Points => _points;

    /// <summary>Notes what is resident so long after the start. The first of a phase is kept.</summary>
    public void Note(TimeSpan elapsed, string phase, long bytes)
    {
        if (_points.Count > 0 && _points[^1].Phase == phase && ++_skipped < _stride)
            return;
        _skipped = 0;
        if (_points.Count >= MostPoints)
            Thin();
        _points.Add(new ReturnPoint(elapsed.TotalSeconds, phase, bytes));
    }

    private void Thin()
    {
        ReturnPoint[] all = [.. _points];
        _points.Clear();
        _points.AddRange(all.Where((point, index) => index % 2 == 0 || point.Phase != all[index - 1].Phase));
        _stride *= 2;
    }
}
