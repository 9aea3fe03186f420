using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Comparisons;

/// <summary>One workload with one peer on so many threads, in two runs.</summary>
/// <param name="Before">In the first.</param>
/// <param name="After">In the second.</param>
public sealed record ComparedResult(ScaleResult Before, ScaleResult After)
{
    /// <summary>Fewer rounds have no quartiles worth the name.</summary>
    public const int LeastRounds = 3;

    /// <summary>The time of one operation after, as a part of that before: below 1 it became faster.</summary>
    public double Ratio => Before.OperationsPerSecond / After.OperationsPerSecond;

    /// <summary>Whether the ranges between the quartiles, half of the spread to either side of the median, don't meet.</summary>
    public ComparisonVerdict Verdict
    {
        get
        {
            if (Before.Rounds < LeastRounds || After.Rounds < LeastRounds)
                return ComparisonVerdict.TooFewRounds;
            var difference = After.OperationsPerSecond - Before.OperationsPerSecond;
            if (Math.Abs(difference) <= HalfRange(Before) + HalfRange(After))
                return ComparisonVerdict.WithinSpread;
            return difference > 0 ? ComparisonVerdict.Faster : ComparisonVerdict.Slower;
        }
    }

    private static double HalfRange(ScaleResult result) => result.OperationsPerSecond * result.Spread / 2;
}
