using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale.Measurements;

/// <summary>One workload with one peer on so many processors, and what its samples gave, a sample a round.</summary>
internal sealed class ScaleCell(Workload workload, string peer, int processors)
{
    private readonly List<SampleFigures> _samples = [];

    public Workload Workload { get; } = workload;

    public string Peer { get; } = peer;

    public int Processors { get; } = processors;

    public IReadOnlyList<SampleFigures> Samples => _samples;

    /// <summary>Of single calls; null where they weren't timed.</summary>
    public Latency? Latency { get; private set; }

    /// <summary>Each round's time of one operation.</summary>
    public RoundTimes Times => new(Workload.Name, Peer, Processors, [.. _samples.Select(sample => Processors / sample.OperationsPerSecond * 1e9)]);

    /// <summary>Plays a sample, and keeps it unless it only warms up, or was cut short. False: the peer isn't here.</summary>
    public bool TryPlay(TimeSpan duration, bool isKept, CancellationToken stop)
    {
        var threads = Workload.ThreadsFor(Processors);
        if (Workload.Begin(Peer, threads, null) is not { } sample)
            return false;
        var figures = Sampler.Play(sample, threads, duration, stop);
        if (isKept && !stop.IsCancellationRequested)
            _samples.Add(figures);
        return true;
    }

    /// <summary>Plays one more, with each operation timed.</summary>
    public void TimeCalls(TimeSpan duration, CancellationToken stop)
    {
        var threads = Workload.ThreadsFor(Processors);
        var recorder = new LatencyRecorder();
        if (Workload.Begin(Peer, threads, recorder) is not { } sample)
            return;
        Sampler.Play(sample, threads, duration, stop);
        Latency = recorder.Summarise();
    }

    /// <summary>Medians over the rounds.</summary>
    public ScaleResult Summarise()
    {
        double[] rates = [.. _samples.Select(sample => sample.OperationsPerSecond).Order()];
        var median = PairedResult.At(rates, 0.5);
        return new ScaleResult(
            Workload.Name, Peer, Processors, median, Processors / median * 1e9, (PairedResult.At(rates, 0.75) - PairedResult.At(rates, 0.25)) / median,
            MedianOf(sample => sample.RssPeakBytes), MedianOf(sample => sample.RssAfterBytes), _samples.Count, Latency, _samples[^1].Memory,
            [.. _samples.Select(sample => sample.OperationsPerSecond)]);
    }

    private long MedianOf(Func<SampleFigures, long> figure) => (long)PairedResult.At([.. _samples.Select(sample => (double)figure(sample)).Order()], 0.5);
}
