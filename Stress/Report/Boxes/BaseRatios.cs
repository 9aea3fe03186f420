using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Boxes;

/// <summary>
/// Times relative to a base peer. Where folio-scale compared the two within its rounds, that ratio is taken; otherwise the medians' ratio, with quartiles from
/// the two spreads as if they were independent.
/// </summary>
internal static class BaseRatios
{
    /// <summary>The peer to compare with: the one asked for, or where it takes no part the first there is.</summary>
    public static string BaseOf(IReadOnlyList<ScaleResult> results, string wanted) =>
        results.Any(result => result.Peer == wanted) ? wanted : results[0].Peer;

    /// <summary>Of all peers of one workload on one number of threads, the fastest first.</summary>
    public static IReadOnlyList<RelativeTime> Of(Box box, IReadOnlyList<ScaleResult> results, string basePeer)
    {
        var reference = results.Single(result => result.Peer == basePeer);
        return [.. results.Select(result => Of(box, result, reference)).OrderBy(time => time.Ratio)];
    }

    private static RelativeTime Of(Box box, ScaleResult result, ScaleResult reference)
    {
        if (result.Peer == reference.Peer)
            return new RelativeTime(result.Peer, 1, 1, 1);
        if (Find(box, result, reference) is { } paired)
            return new RelativeTime(result.Peer, paired.Ratio, paired.Low, paired.High);
        if (Find(box, reference, result) is { } inverse)
            return new RelativeTime(result.Peer, 1 / inverse.Ratio, 1 / inverse.High, 1 / inverse.Low);
        var ratio = reference.OperationsPerSecond / result.OperationsPerSecond;
        var half = Math.Sqrt((result.Spread * result.Spread) + (reference.Spread * reference.Spread)) / 2;
        return new RelativeTime(result.Peer, ratio, ratio / (1 + half), ratio * (1 + half));
    }

    private static ScaleRatio? Find(Box box, ScaleResult of, ScaleResult to) => box.Ratios.FirstOrDefault(ratio =>
        ratio.Workload == of.Workload && ratio.Threads == of.Threads && ratio.Of == of.Peer && ratio.To == to.Peer);
}
