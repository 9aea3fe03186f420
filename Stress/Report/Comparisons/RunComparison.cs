using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Inputs;

namespace FolioRuntime.Report.Comparisons;

/// <summary>Two runs, combination by combination.</summary>
/// <param name="Before">The first.</param>
/// <param name="After">The second.</param>
/// <param name="Results">What both measured, in the order of the first.</param>
/// <param name="Differences">In what their machines differ; empty: in nothing that is known.</param>
public sealed record RunComparison(ScaleFile Before, ScaleFile After, IReadOnlyList<ComparedResult> Results, IReadOnlyList<string> Differences)
{
    public int OnlyBefore => Before.Report.Results.Count - Results.Count;

    public int OnlyAfter => After.Report.Results.Count - Results.Count;

    /// <summary>The geometric mean of the ratios.</summary>
    public double MeanRatio => Math.Exp(Results.Average(result => Math.Log(result.Ratio)));

    public int Count(ComparisonVerdict verdict) => Results.Count(result => result.Verdict == verdict);

    /// <exception cref="InvalidFileException">They have nothing in common.</exception>
    public static RunComparison Of(ScaleFile before, ScaleFile after)
    {
        var common = from first in before.Report.Results
                     join second in after.Report.Results on Key(first) equals Key(second)
                     select new ComparedResult(first, second);
        var results = common.ToArray();
        return results.Length > 0
            ? new RunComparison(before, after, results, [.. DifferencesOf(before.Report, after.Report)])
            : throw new InvalidFileException(after.Name, $"it has no workload, peer and number of threads in common with {before.Name}");
    }

    private static (string Workload, string Peer, int Threads) Key(ScaleResult result) => (result.Workload, result.Peer, result.Threads);

    private static IEnumerable<string> DifferencesOf(ScaleReport before, ScaleReport after) =>
        from pair in MachineFacts.Of(before.Machine, before.Topology).Zip(MachineFacts.Of(after.Machine, after.Topology))
        where pair.First.Value != pair.Second.Value
        select $"{pair.First.Name}: {pair.First.Value} before, {pair.Second.Value} after";
}
