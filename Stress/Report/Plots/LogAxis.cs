using ScottPlot;
using ScottPlot.TickGenerators;

namespace FolioRuntime.Report.Plots;

/// <summary>Logarithmic axes: data is placed at its logarithm, and ticks say what stands there.</summary>
internal static class LogAxis
{
    private const double LeastFactor = 2;
    private const double ManyDecades = 2.5;
    private const double FewDecades = 0.8;

    /// <summary>Where a value is.</summary>
    public static double At(double value) => Math.Log10(value);

    /// <summary>The range of an axis that shows all these values, a part of it free at either end; never less than a factor of 2.</summary>
    public static CoordinateRange Range(IEnumerable<double> values, double free = 0.06)
    {
        var places = values.Select(At).ToArray();
        var (low, high) = (places.Min(), places.Max());
        var missing = Math.Max(0, At(LeastFactor) - (high - low)) / 2;
        var margin = (high - low + (2 * missing)) * free;
        return new CoordinateRange(low - missing - margin, high + missing + margin);
    }

    /// <summary>Ticks at the powers of ten in a range; with steps between them where these are few.</summary>
    public static ITickGenerator Ticks(CoordinateRange range, Func<double, string> label)
    {
        double[] steps = (range.Max - range.Min) switch
        {
            > ManyDecades => [1],
            > FewDecades => [1, 2, 5],
            _ => [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
        };
        var values = from power in Enumerable.Range((int)Math.Floor(range.Min), (int)Math.Ceiling(range.Max - range.Min) + 2)
                     from step in steps
                     let value = step * Math.Pow(10, power)
                     where At(value) >= range.Min && At(value) <= range.Max
                     select value;
        var shown = values.ToArray();
        return new NumericManual([.. shown.Select(At)], [.. shown.Select(label)]);
    }
}
