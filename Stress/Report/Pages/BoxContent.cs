using FolioRuntime.Report.Boxes;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>A page's section on one machine.</summary>
/// <param name="Box">The machine and its results.</param>
/// <param name="Anchor">Its place in the page.</param>
/// <param name="Mean">Over the allocators' benchmarks; null where there are too few.</param>
/// <param name="MeanChart">The same as bars.</param>
/// <param name="Workloads">A section each.</param>
public sealed record BoxContent(Box Box, string Anchor, AllocatorMean? Mean, Chart? MeanChart, IReadOnlyList<WorkloadContent> Workloads)
{
    public IReadOnlyList<KeyFinding> Findings { get; } = KeyFinding.Of(Box);

    public IEnumerable<Chart> Charts => (MeanChart is null ? Enumerable.Empty<Chart>() : [MeanChart]).Concat(Workloads.SelectMany(workload => workload.Charts));

    /// <summary>The peer that is fastest in most workloads, on the most threads, and in how many.</summary>
    public (string Peer, int Count) MostOftenFastest =>
        Findings.GroupBy(finding => finding.FastestWide.Peer).Select(group => (group.Key, group.Count())).MaxBy(group => group.Item2);

    /// <summary>The finding with the largest gain from threads; null where there is one number of threads only.</summary>
    public KeyFinding? BestScaling => Findings.Where(finding => finding.BestScaling is not null).MaxBy(finding => finding.Gain);
}
