using ScottPlot;

namespace FolioRuntime.Report.Plots;

/// <summary>What all charts have in common: size, letters, colours of paper and lines, the legend beside the data.</summary>
internal static class ChartSheet
{
    /// <summary>Pixels of an image for one of the page, so that it is sharp on fine screens and in print.</summary>
    public const int Scale = 2;

    public const int Width = 720;
    public const int Height = 420;

    private const int RowHeight = 26;
    private const int HeightWithoutRows = 120;
    private const float TextSize = 13;
    private const float TitleSize = 15;

    // The first that is there; without one of them the plots take what the system has.
    private static readonly string? s_font = ((string[])["DejaVu Sans", "Noto Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial"])
        .FirstOrDefault(name => SkiaSharp.SKFontManager.Default.FontFamilies.Contains(name));

    private static readonly Color s_ink = Color.FromHex("#333333");
    private static readonly Color s_grid = Color.FromHex("#E6E6E6");

    /// <summary>The dashed lines that data is held against.</summary>
    public static Color Reference { get; } = Color.FromHex("#8A8A8A");

    /// <summary>Whether there is a font: without one, charts have no text.</summary>
    public static bool HasFonts => SkiaSharp.SKFontManager.Default.FontFamilyCount > 0;

    public static Plot Create(string title, string x, string y)
    {
        var plot = new Plot { ScaleFactor = Scale };
        plot.Title(title, TitleSize);
        plot.XLabel(x, TextSize);
        plot.YLabel(y, TextSize);
        if (s_font is not null)
            plot.Font.Set(s_font);
        plot.Axes.Color(s_ink);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = TextSize;
        plot.Axes.Left.TickLabelStyle.FontSize = TextSize;
        plot.Grid.MajorLineColor = s_grid;
        return plot;
    }

    /// <summary>Names at the rows of a chart, the first at the top; row i is at −i.</summary>
    public static void Rows(Plot plot, IReadOnlyList<string> names)
    {
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. names.Select((_, row) => (double)-row)], [.. names]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Grid.YAxisStyle.IsVisible = false;
    }

    public static int HeightOf(int rows) => HeightWithoutRows + (RowHeight * Math.Max(2, rows));

    /// <summary>With a legend at the right, outside the data.</summary>
    public static void Legend(Plot plot)
    {
        plot.Legend.FontSize = TextSize;
        plot.Legend.FontName = s_font;
        plot.Legend.FontColor = s_ink;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.InterItemPadding = new PixelPadding(6, 6, 3, 3);
        plot.ShowLegend(Edge.Right);
    }

    /// <summary>Draws it. The plot is of no use afterwards.</summary>
    public static Chart Render(Plot plot, string name, string caption, int height = Height)
    {
        using (plot)
            return new Chart(name, caption, plot.GetImageBytes(Width * Scale, height * Scale, ImageFormat.Png), Width, height);
    }
}
