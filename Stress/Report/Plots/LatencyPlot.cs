using FolioRuntime.Harness.Scaling;
using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>A row a peer with its median, 99th and 99.9th percentile and longest call, on a logarithmic axis.</summary>
internal static class LatencyPlot
{
    private const float MarkerSize = 10;

    private static readonly (string Name, Func<Latency, double> Of, MarkerShape Shape, string Color)[] s_percentiles =
    [
        ("p50", latency => latency.P50, MarkerShape.FilledCircle, "#2CA02C"),
        ("p99", latency => latency.P99, MarkerShape.FilledSquare, "#1F5FB4"),
        ("p99.9", latency => latency.P999, MarkerShape.FilledDiamond, "#FF9F1C"),
        ("max", latency => latency.Max, MarkerShape.FilledTriangleUp, "#D62728"),
    ];

    /// <summary>Null: nobody's calls were timed.</summary>
    public static Chart? Draw(string name, string workload, IReadOnlyList<ScaleResult> results)
    {
        var timed = results.Where(result => result.Latency is not null).OrderBy(result => result.Latency!.P50).ThenBy(result => result.Latency!.P99).ToArray();
        if (timed.Length == 0)
            return null;
        var plot = ChartSheet.Create($"{workload}: latency of a call, {Figures.Threads(timed[0].Threads)}", "time of one operation, or of one rent or return", "");
        for (var row = 0; row < timed.Length; row++)
        {
            var line = plot.Add.Line(LogAxis.At(timed[row].Latency!.P50), -row, LogAxis.At(timed[row].Latency!.Max), -row);
            line.Color = ChartSheet.Reference;
        }

        foreach (var (label, of, shape, color) in s_percentiles)
        {
            var marks = plot.Add.ScatterPoints(timed.Select(result => LogAxis.At(of(result.Latency!))).ToArray(), timed.Select((_, row) => (double)-row).ToArray());
            marks.Color = Color.FromHex(color);
            marks.MarkerShape = shape;
            marks.MarkerSize = MarkerSize;
            marks.LegendText = label;
        }

        ChartSheet.Rows(plot, [.. timed.Select(result => result.Peer)]);
        var x = LogAxis.Range(timed.SelectMany(result => s_percentiles.Select(percentile => percentile.Of(result.Latency!))));
        plot.Axes.Bottom.TickGenerator = LogAxis.Ticks(x, Figures.Tick(Figures.Time));
        plot.Axes.SetLimits(x.Min, x.Max, 0.6 - timed.Length, 0.6);
        ChartSheet.Legend(plot);
        return ChartSheet.Render(plot, name, $"Percentiles of the time of single calls of {workload}, a row for each peer.", ChartSheet.HeightOf(timed.Length));
    }
}
