using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Inputs;

namespace FolioRuntime.Report.Boxes;

/// <summary>
/// Puts runs of the same machine and runtime together. What several runs measured is the median of theirs; its spread is the largest of theirs, or the distance
/// between the lowest and the highest of the runs where that is more.
/// </summary>
internal static class BoxGrouping
{
    public static IReadOnlyList<Box> Of(IReadOnlyList<ScaleFile> files) =>
        [.. files.GroupBy(file => (file.Report.Machine, file.Report.Topology.ToString())).Select((runs, index) => Together(index + 1, [.. runs]))];

    private static Box Together(int number, ScaleFile[] runs)
    {
        var results = runs.SelectMany(run => run.Report.Results).GroupBy(result => (result.Workload, result.Peer, result.Threads)).Select(same => Merge([.. same]));
        var ratios = runs.SelectMany(run => run.Report.Ratios).GroupBy(ratio => (ratio.Workload, ratio.Threads, ratio.Of, ratio.To)).Select(same => Merge([.. same]));
        return new Box(number, runs[0].Report.Machine, runs[0].Report.Topology, runs, [.. results], [.. ratios]);
    }

    private static ScaleResult Merge(ScaleResult[] runs)
    {
        if (runs is [var only])
            return only;
        var rates = runs.Select(run => run.OperationsPerSecond).Order().ToArray();
        var median = PairedResult.At(rates, 0.5);
        var timed = runs.Select(run => run.Latency).OfType<Latency>().ToArray();
        return runs[0] with
        {
            OperationsPerSecond = median,
            NanosecondsPerOperation = runs[0].Threads / median * 1e9,
            Spread = Math.Max(runs.Max(run => run.Spread), (rates[^1] - rates[0]) / median),
            RssPeakBytes = (long)Median(runs, run => run.RssPeakBytes),
            RssAfterBytes = (long)Median(runs, run => run.RssAfterBytes),
            Rounds = runs.Sum(run => run.Rounds),
            Latency = timed.Length == 0 ? null : new Latency(
                Median(timed, time => time.P50), Median(timed, time => time.P99), Median(timed, time => time.P999), timed.Max(time => time.Max), timed.Sum(time => time.Count)),
            Memory = runs.Select(run => run.Memory).LastOrDefault(memory => memory is not null),
        };
    }

    private static ScaleRatio Merge(ScaleRatio[] runs) => runs[0] with
    {
        Ratio = Median(runs, run => run.Ratio),
        Low = runs.Min(run => run.Low),
        High = runs.Max(run => run.High),
    };

    private static double Median<T>(IEnumerable<T> items, Func<T, double> figure) => PairedResult.At([.. items.Select(figure).Order()], 0.5);
}
