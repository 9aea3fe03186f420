using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Boxes;

/// <summary>What to know of a workload first.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="FastestNarrow">The fastest peer on the fewest threads.</param>
/// <param name="FastestWide">The fastest on the most.</param>
/// <param name="Lead">The second's time on the most threads as a multiple of the fastest's; null where there is no second.</param>
/// <param name="BestScaling">The peer that gained most from the fewest threads to the most; null where there is one number of threads only.</param>
/// <param name="Gain">How many times as much it did; 0 where there is none.</param>
public sealed record KeyFinding(string Workload, ScaleResult FastestNarrow, ScaleResult FastestWide, double? Lead, string? BestScaling, double Gain)
{
    /// <summary>Of workloads that several peers were measured in; of all where there is none.</summary>
    public static IReadOnlyList<KeyFinding> Of(Box box)
    {
        var contested = box.Workloads.Where(workload => box.Widest(workload).Count > 1).ToArray();
        return [.. (contested.Length > 0 ? contested : box.Workloads).Select(workload => Of(box, workload))];
    }

    private static KeyFinding Of(Box box, string workload)
    {
        var all = box.Of(workload);
        var fewest = all.Min(result => result.Threads);
        var narrow = all.Where(result => result.Threads == fewest).OrderByDescending(result => result.OperationsPerSecond).ToArray();
        var wide = box.Widest(workload).OrderByDescending(result => result.OperationsPerSecond).ToArray();
        double? lead = wide.Length > 1 ? wide[0].OperationsPerSecond / wide[1].OperationsPerSecond : null;
        var gains = from most in wide
                    from few in narrow
                    where few.Peer == most.Peer && few.Threads < most.Threads
                    select (most.Peer, Gain: most.OperationsPerSecond / few.OperationsPerSecond);
        var best = gains.OrderByDescending(gain => gain.Gain).FirstOrDefault();
        return new KeyFinding(workload, narrow[0], wide[0], lead, best.Peer, best.Gain);
    }
}
