using FolioRuntime.Harness.Scaling;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FolioRuntime.Report.Plots;

/// <summary>Operations a second against threads, a line a peer, both axes logarithmic: what scales is parallel to the dashed line.</summary>
internal static class ScalingPlot
{
    private const float MarkerSize = 7;
    private const double FreeX = 0.08;

    public static Chart Draw(string name, string workload, IReadOnlyList<ScaleResult> results, PeerStyles styles)
    {
        var plot = ChartSheet.Create($"{workload}: throughput", "threads", "operations / s");
        var threads = results.Select(result => result.Threads).Distinct().Order().ToArray();
        var ideal = Ideal(results, threads);
        if (threads.Length > 1)
        {
            var line = plot.Add.Scatter(threads.Select(PlaceOf).ToArray(), ideal.Select(LogAxis.At).ToArray());
            line.Color = ChartSheet.Reference;
            line.LinePattern = LinePattern.Dashed;
            line.MarkerSize = 0;
            line.LegendText = "linear";
        }

        foreach (var peer in results.GroupBy(result => result.Peer))
        {
            var points = peer.OrderBy(result => result.Threads).ToArray();
            var style = styles[peer.Key];
            var line = plot.Add.Scatter(points.Select(point => PlaceOf(point.Threads)).ToArray(), points.Select(point => LogAxis.At(point.OperationsPerSecond)).ToArray());
            line.Color = style.Color;
            line.LineWidth = style.LineWidth;
            line.MarkerShape = style.Marker;
            line.MarkerSize = MarkerSize;
            line.LegendText = peer.Key;
        }

        var y = LogAxis.Range(results.Select(result => result.OperationsPerSecond).Concat(ideal));
        var x = LogAxis.Range(threads.Select(count => (double)count), FreeX);
        plot.Axes.Bottom.TickGenerator = new NumericManual(threads.Select(PlaceOf).ToArray(), [.. threads.Select(count => $"{count}")]);
        plot.Axes.Left.TickGenerator = LogAxis.Ticks(y, Figures.Tick(Figures.Rate));
        plot.Axes.SetLimits(x.Min, x.Max, y.Min, y.Max);
        ChartSheet.Legend(plot);
        return ChartSheet.Render(plot, name, $"Operations a second of {workload} against threads, a line for each peer.");
    }

    // From the highest point on the fewest threads.
    private static double[] Ideal(IReadOnlyList<ScaleResult> results, int[] threads)
    {
        var first = results.Where(result => result.Threads == threads[0]).Max(result => result.OperationsPerSecond);
        return [.. threads.Select(count => first * count / threads[0])];
    }

    private static double PlaceOf(int threads) => LogAxis.At(threads);
}
