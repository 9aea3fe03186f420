using FolioRuntime.Harness.Caching;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Boxes;
using FolioRuntime.Report.Comparisons;
using FolioRuntime.Report.Inputs;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>Draws the plots and puts everything in the order in which the page has it.</summary>
internal sealed class ContentBuilder(string basePeer)
{
    private readonly Slugs _anchors = new();
    private PeerStyles _styles = new([]);

    public ReportContent Build(string title, IReadOnlyList<Box> boxes, RunComparison? comparison, IReadOnlyList<TraceFile> traces, IReadOnlyList<ScaleFile> returns)
    {
        _styles = new PeerStyles(boxes.SelectMany(box => box.Peers).Concat(comparison?.Results.Select(result => result.Before.Peer) ?? []));
        return new ReportContent(
            title,
            comparison is null ? null : new ComparisonContent(comparison, ComparisonPlot.Draw(_anchors.For("comparison"), comparison, _styles)),
            [.. boxes.Select(box => Build(box, boxes.Count > 1 ? $"box-{box.Number}-" : ""))],
            [.. traces.SelectMany(file => file.Report.Traces.Select(trace => Build(file, trace)))],
            [.. returns.Select(BuildReturn)]);
    }

    private ReturnContent BuildReturn(ScaleFile file)
    {
        var anchor = _anchors.For("memory-return");
        return new ReturnContent(file, anchor, [.. file.Report.MemoryReturn!.Select(row => ReturnPlot.Draw(
            _anchors.For($"{anchor}-{row.SizeBytes}-{row.Way}"), $"Resident memory: {Figures.Mebibytes(row.FilledBytes)} MiB in objects of {row.SizeBytes} bytes, {row.Way}", row.Course))]);
    }

    private TraceContent Build(TraceFile file, TraceFacts trace)
    {
        var anchor = _anchors.For($"trace-{trace.Name}");
        TraceResult[] results = [.. file.Report.Results.Where(result => result.Trace == trace.Name)];
        var sizes = results.Select(result => result.SizePages).Distinct().Order().ToArray();
        var rows = results.GroupBy(result => result.Policy)
            .Select(policy => new TraceRow(policy.Key, [.. sizes.Select(size => policy.SingleOrDefault(result => result.SizePages == size)?.MissRatio)], policy.Average(result => result.MissRatio)))
            .OrderBy(row => row.Mean);
        return new TraceContent(trace, file.Name, anchor, sizes, [.. rows], MissRatioPlot.Draw($"{anchor}-misses", trace.Name, results));
    }

    private BoxContent Build(Box box, string prefix)
    {
        var mean = AllocatorMean.Of(box, basePeer);
        return new BoxContent(
            box,
            _anchors.For($"box-{box.Number}"),
            mean,
            mean is null ? null : RatioPlot.Draw(_anchors.For(prefix + "allocators"), $"Geometric mean of {mean.Workloads.Count} allocator benchmarks", mean.BasePeer, mean.Times, _styles),
            [.. box.Workloads.Select(workload => Build(box, workload, prefix))]);
    }

    private WorkloadContent Build(Box box, string workload, string prefix)
    {
        var anchor = _anchors.For(prefix + workload);
        var results = box.Of(workload);
        var widest = box.Widest(workload);
        var actualBase = BaseRatios.BaseOf(widest, basePeer);
        Chart?[] charts =
        [
            ScalingPlot.Draw($"{anchor}-scaling", workload, results, _styles),
            widest.Count < 2 ? null : RatioPlot.Draw(
                $"{anchor}-ratios", $"{workload}: time of an operation, {Figures.Threads(widest[0].Threads)}", actualBase, BaseRatios.Of(box, widest, actualBase), _styles),
            LatencyPlot.Draw($"{anchor}-latency", workload, widest),
            MemoryPlot.Draw($"{anchor}-memory", workload, widest, _styles),
        ];
        return new WorkloadContent(workload, anchor, box.About(workload), actualBase, [.. charts.OfType<Chart>()], [.. Rows(box, results, actualBase)]);
    }

    private static IEnumerable<FigureRow> Rows(Box box, IReadOnlyList<ScaleResult> results, string actualBase)
    {
        foreach (var same in results.GroupBy(result => result.Threads).OrderBy(group => group.Key))
        {
            ScaleResult[] all = [.. same];
            var times = all.Any(result => result.Peer == actualBase) ? BaseRatios.Of(box, all, actualBase) : [];
            foreach (var result in all.OrderByDescending(result => result.OperationsPerSecond))
                yield return new FigureRow(result, times.FirstOrDefault(time => time.Peer == result.Peer));
        }
    }
}
