using FolioRuntime.Report.Comparisons;
using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>The ratios of two runs, a row a workload, a mark for each peer and number of threads: filled where it is beyond the spread.</summary>
internal static class ComparisonPlot
{
    private const float MarkerSize = 10;
    private const float OutlineWidth = 1.5f;

    public static Chart Draw(string name, RunComparison comparison, PeerStyles styles)
    {
        var plot = ChartSheet.Create($"{comparison.After.Name} against {comparison.Before.Name}", "time after / time before; left of 1 became faster", "");
        var workloads = comparison.Results.Select(result => result.Before.Workload).Distinct().ToArray();
        plot.Add.VerticalLine(0, 1.5f, ChartSheet.Reference, LinePattern.Dashed);
        foreach (var peer in comparison.Results.GroupBy(result => result.Before.Peer))
        {
            foreach (var kind in peer.GroupBy(result => IsBeyond(result.Verdict)))
            {
                var marks = plot.Add.ScatterPoints(
                    kind.Select(result => LogAxis.At(result.Ratio)).ToArray(), kind.Select(result => (double)-Array.IndexOf(workloads, result.Before.Workload)).ToArray());
                marks.Color = styles[peer.Key].Color;
                marks.MarkerShape = kind.Key ? MarkerShape.FilledCircle : MarkerShape.OpenCircle;
                marks.MarkerSize = MarkerSize;
                marks.MarkerLineWidth = OutlineWidth;
            }

            plot.Legend.ManualItems.Add(new LegendItem { LabelText = peer.Key, MarkerShape = MarkerShape.FilledCircle, MarkerFillColor = styles[peer.Key].Color, MarkerSize = MarkerSize });
        }

        ChartSheet.Rows(plot, workloads);
        var x = LogAxis.Range(comparison.Results.Select(result => result.Ratio).Append(1));
        plot.Axes.Bottom.TickGenerator = LogAxis.Ticks(x, Figures.Tick(Figures.Times));
        plot.Axes.SetLimits(x.Min, x.Max, 0.6 - workloads.Length, 0.6);
        ChartSheet.Legend(plot);
        var height = Math.Max(ChartSheet.HeightOf(workloads.Length), ChartSheet.HeightOf(comparison.Results.Select(result => result.Before.Peer).Distinct().Count()));
        return ChartSheet.Render(plot, name, "Times after as parts of those before, a row for each workload; filled marks are beyond the spread.", height);
    }

    private static bool IsBeyond(ComparisonVerdict verdict) => verdict is ComparisonVerdict.Faster or ComparisonVerdict.Slower;
}
