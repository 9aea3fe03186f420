using FolioRuntime.Harness.Scaling;
using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>Resident memory while memory is filled and returned, each phase in a colour of its own.</summary>
internal static class ReturnPlot
{
    private const float LineWidth = 2.5f;

    private static readonly Color[] s_colors = [.. new[] { "#6C757D", "#FF9F1C", "#D62728", "#1F5FB4", "#8E5BC4", "#2CA02C" }.Select(Color.FromHex)];

    public static Chart Draw(string name, string title, IReadOnlyList<ReturnPoint> course)
    {
        var plot = ChartSheet.Create(title, "s since the beginning", "MiB of the whole process");
        var phases = Phases(course);
        for (var number = 0; number < phases.Count; number++)
        {
            var (first, end) = phases[number];

            // To the next phase's first point, so that the line is whole.
            ReturnPoint[] points = [.. course.Skip(first).Take(end - first + 1)];
            var line = plot.Add.Scatter(points.Select(point => point.Seconds).ToArray(), points.Select(point => point.RssBytes / Figures.Mebibyte).ToArray());
            line.Color = s_colors[number % s_colors.Length];
            line.LineWidth = LineWidth;
            line.MarkerSize = 0;
            line.LegendText = course[first].Phase;
        }

        plot.Axes.Margins(0.02, 0.08);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, Math.Max(1, plot.Axes.GetLimits().Top));
        ChartSheet.Legend(plot);
        return ChartSheet.Render(plot, name, $"{title}, over time, phase by phase: {string.Join(", ", phases.Select(phase => course[phase.First].Phase))}.");
    }

    /// <summary>Each phase's first point, and the next's.</summary>
    private static List<(int First, int End)> Phases(IReadOnlyList<ReturnPoint> course)
    {
        var phases = new List<(int First, int End)>();
        for (var i = 0; i < course.Count; i++)
        {
            if (i == 0 || course[i].Phase != course[i - 1].Phase)
                phases.Add((i, i + 1));
            else
                phases[^1] = (phases[^1].First, i + 1);
        }

        return phases;
    }
}
