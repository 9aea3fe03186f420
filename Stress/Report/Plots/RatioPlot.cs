using FolioRuntime.Report.Boxes;
using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>Times relative to a base peer as bars from 1, on a logarithmic axis: to the left faster, to the right slower.</summary>
internal static class RatioPlot
{
    private const double BarSize = 0.62;
    private const double FreeX = 0.16;
    private const float LabelSize = 12;

    /// <param name="name">Of the chart's file.</param>
    /// <param name="title">What the times are of.</param>
    /// <param name="basePeer">What they are relative to.</param>
    /// <param name="times">A bar each, the first at the top.</param>
    /// <param name="styles">Their colours.</param>
    public static Chart Draw(string name, string title, string basePeer, IReadOnlyList<RelativeTime> times, PeerStyles styles)
    {
        var plot = ChartSheet.Create(title, $"time of {basePeer} = 1; left of it is faster", "");
        var bars = plot.Add.Bars(times.Select((time, row) => BarOf(time, row, styles[time.Peer].Color)).ToArray());
        bars.Horizontal = true;
        bars.ValueLabelStyle.FontSize = LabelSize;
        bars.ValueLabelStyle.FontName = plot.Axes.Bottom.Label.FontName;
        plot.Add.VerticalLine(0, 1.5f, ChartSheet.Reference, LinePattern.Dashed);
        ChartSheet.Rows(plot, [.. times.Select(time => time.Peer)]);
        var x = LogAxis.Range(times.SelectMany(time => (double[])[time.Low, time.Ratio, time.High, 1]), FreeX);
        plot.Axes.Bottom.TickGenerator = LogAxis.Ticks(x, Figures.Tick(Figures.Times));
        plot.Axes.SetLimits(x.Min, x.Max, 0.6 - times.Count, 0.6);
        return ChartSheet.Render(plot, name, $"{title}, relative to {basePeer}: {string.Join(", ", times.Select(time => $"{time.Peer} {Figures.Times(time.Ratio)}"))}.", ChartSheet.HeightOf(times.Count));
    }

    private static Bar BarOf(RelativeTime time, int row, Color color) => new()
    {
        Position = -row,
        Value = LogAxis.At(time.Ratio),
        Size = BarSize,
        FillColor = color.WithAlpha(0.85),
        LineWidth = 0,
        Label = Figures.Times(time.Ratio),
    };
}
