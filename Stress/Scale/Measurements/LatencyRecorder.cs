using System.Diagnostics;
using FolioRuntime.Harness.Scaling;
using HdrHistogram;

namespace FolioRuntime.Scale.Measurements;

/// <summary>Durations of single calls, a histogram a thread. One recorder records at a time in a process.</summary>
internal sealed class LatencyRecorder
{
    private const int SignificantDigits = 2;

    [ThreadStatic]
    private static (LatencyRecorder? Owner, LongHistogram Histogram) s_own;

    private static readonly long s_longest = Stopwatch.Frequency * 60;

    private readonly Lock _lock = new();
    private readonly List<LongHistogram> _histograms = [];

    /// <summary>Adds one duration, in ticks of the stopwatch.</summary>
    public void Record(long ticks)
    {
        if (s_own.Owner != this)
            s_own = (this, Register());
        s_own.Histogram.RecordValue(Math.Clamp(ticks, 1, s_longest));
    }

    /// <summary>All threads' durations together. They have ended.</summary>
    public Latency? Summarise()
    {
        var sum = Create();
        lock (_lock)
            _histograms.ForEach(sum.Add);
        if (sum.TotalCount == 0)
            return null;
        var nanosecondsPerTick = 1e9 / Stopwatch.Frequency;
        double At(double percentile) => sum.GetValueAtPercentile(percentile) * nanosecondsPerTick;
        return new Latency(At(50), At(99), At(99.9), At(100), sum.TotalCount);
    }

    private static LongHistogram Create() => new(1, s_longest, SignificantDigits);

    private LongHistogram Register()
    {
        var own = Create();
        lock (_lock)
            _histograms.Add(own);
        return own;
    }
}
