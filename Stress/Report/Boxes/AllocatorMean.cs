namespace FolioRuntime.Report.Boxes;

/// <summary>
/// The geometric mean of the peers' times relative to the base, over the allocators' benchmarks. A peer is in it only where it was measured in all of those that
/// the base was measured in: means over different workloads can't be compared.
/// </summary>
/// <param name="BasePeer">What the times are relative to.</param>
/// <param name="Workloads">Over which.</param>
/// <param name="Times">The fastest first.</param>
/// <param name="LeftOut">Peers that weren't measured in all of them.</param>
public sealed record AllocatorMean(string BasePeer, IReadOnlyList<string> Workloads, IReadOnlyList<RelativeTime> Times, IReadOnlyList<string> LeftOut)
{
    /// <summary>The nine that are mimalloc-bench's.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["larson", "xmalloc-testN", "cache-scratch", "cache-thrash", "alloc-test", "mstress", "rptest", "sh6bench", "sh8bench"];

    /// <summary>On the most threads of each workload. Null: the base was measured in fewer than two of them.</summary>
    public static AllocatorMean? Of(Box box, string basePeer)
    {
        var workloads = Names.Where(name => box.Widest(name).Any(result => result.Peer == basePeer)).ToArray();
        if (workloads.Length < 2)
            return null;
        var all = workloads.SelectMany(name => BaseRatios.Of(box, box.Widest(name), basePeer)).GroupBy(time => time.Peer).ToArray();
        var means = all.Where(peer => peer.Count() == workloads.Length)
            .Select(peer => new RelativeTime(peer.Key, Mean(peer, time => time.Ratio), Mean(peer, time => time.Low), Mean(peer, time => time.High)));
        return new AllocatorMean(
            basePeer, workloads, [.. means.OrderBy(mean => mean.Ratio)], [.. all.Where(peer => peer.Count() < workloads.Length).Select(peer => peer.Key)]);
    }

    private static double Mean(IEnumerable<RelativeTime> times, Func<RelativeTime, double> figure) => Math.Exp(times.Average(time => Math.Log(figure(time))));
}
