using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Plots;

/// <summary>Resident memory over the time of one sample, a line a peer.</summary>
internal static class MemoryPlot
{
    private const double Milliseconds = 1e3;

    // Of the axis: less is noise.
    private const double LeastMebibytes = 16;

    /// <summary>Null: nobody's memory was watched.</summary>
    public static Chart? Draw(string name, string workload, IReadOnlyList<ScaleResult> results, PeerStyles styles)
    {
        var watched = results.Where(result => result.Memory is { Count: > 1 }).ToArray();
        if (watched.Length == 0)
            return null;
        var plot = ChartSheet.Create($"{workload}: resident memory, {Figures.Threads(watched[0].Threads)}", "ms since the start of a sample", "MiB of the whole process");
        foreach (var result in watched)
        {
            var style = styles[result.Peer];
            var line = plot.Add.Scatter(
                result.Memory!.Select(point => point.Seconds * Milliseconds).ToArray(), result.Memory!.Select(point => point.Bytes / Figures.Mebibyte).ToArray());
            line.Color = style.Color;
            line.LineWidth = style.LineWidth;
            line.MarkerSize = 0;
            line.LegendText = result.Peer;
        }

        plot.Axes.Margins(0.02, 0.08);
        plot.Axes.AutoScale();
        var missing = Math.Max(0, LeastMebibytes - plot.Axes.GetLimits().VerticalSpan) / 2;
        plot.Axes.SetLimitsY(Math.Max(0, plot.Axes.GetLimits().Bottom - missing), plot.Axes.GetLimits().Top + missing);
        ChartSheet.Legend(plot);
        return ChartSheet.Render(plot, name, $"Resident memory of the process during one sample of {workload}, a line for each peer.");
    }
}
