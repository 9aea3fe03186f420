namespace FolioRuntime.Harness;

/// <summary>What an operation took, alone and against the baseline of the same rounds.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Nanoseconds">Median of one operation's time, for orientation only.</param>
/// <param name="Ratio">Median of the ratio to the baseline in the same round.</param>
/// <param name="RatioLow">Lower quartile of the ratio.</param>
/// <param name="RatioHigh">Upper quartile of the ratio.</param>
/// <param name="Rounds">Rounds measured.</param>
public sealed record PairedResult(string Name, double Nanoseconds, double Ratio, double RatioLow, double RatioHigh, int Rounds)
{
    public static PairedResult Of(string name, IReadOnlyList<double> nanoseconds, IReadOnlyList<double> baseline)
    {
        var ratios = nanoseconds.Zip(baseline, (own, other) => own / other).Order().ToArray();
        return new PairedResult(name, At([.. nanoseconds.Order()], 0.5), At(ratios, 0.5), At(ratios, 0.25), At(ratios, 0.75), nanoseconds.Count);
    }

    /// <summary>The value below which a part of the sorted values lies, interpolated.</summary>
    public static double At(IReadOnlyList<double> sorted, double part)
    {
        if (sorted.Count == 0)
            return double.NaN;
        var place = part * (sorted.Count - 1);
        var below = (int)place;
        return below + 1 < sorted.Count
            ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]))
            : sorted[below];
    }
}
