using FolioRuntime.Harness.Caching;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FolioRuntime.Report.Plots;

/// <summary>Misses in per cent against the cache's size, a line a policy: the lower the better, and none can be below the optimum's dashed line.</summary>
internal static class MissRatioPlot
{
    private const string Optimal = "belady";
    private const string Default = "adaptive";
    private const float MarkerSize = 6;
    private const double FreeX = 0.08;

    public static Chart Draw(string name, string trace, IReadOnlyList<TraceResult> results)
    {
        var plot = ChartSheet.Create($"{trace}: misses", "size of the cache, pages", "misses, % of accesses");
        var styles = new PeerStyles(results.Select(result => result.Policy).Where(policy => policy != Optimal), Default);
        foreach (var policy in results.GroupBy(result => result.Policy))
        {
            var points = policy.OrderBy(result => result.SizePages).ToArray();
            var line = plot.Add.Scatter(points.Select(point => LogAxis.At(point.SizePages)).ToArray(), points.Select(point => point.MissRatio * 100).ToArray());
            line.LegendText = policy.Key;
            line.MarkerSize = MarkerSize;
            if (policy.Key == Optimal)
            {
                (line.Color, line.LinePattern, line.MarkerSize) = (ChartSheet.Reference, LinePattern.Dashed, 0);
                continue;
            }

            var style = styles[policy.Key];
            (line.Color, line.LineWidth, line.MarkerShape) = (style.Color, style.LineWidth, style.Marker);
        }

        var sizes = results.Select(result => result.SizePages).Distinct().Order().ToArray();
        var x = LogAxis.Range(sizes.Select(size => (double)size), FreeX);
        plot.Axes.Bottom.TickGenerator = new NumericManual(sizes.Select(size => LogAxis.At(size)).ToArray(), [.. sizes.Select(size => $"{size}")]);
        plot.Axes.SetLimits(x.Min, x.Max, 0, 105);
        ChartSheet.Legend(plot);
        return ChartSheet.Render(plot, name, $"Misses over {trace} in per cent of its accesses against the cache's size, a line for each policy.");
    }
}
