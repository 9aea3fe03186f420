using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Inputs;

namespace FolioRuntime.Report.Boxes;

/// <summary>One machine with one runtime, and what all runs on it gave together.</summary>
/// <param name="Number">From 1, in the order of the files.</param>
/// <param name="Machine">What it is.</param>
/// <param name="Topology">What its processors share.</param>
/// <param name="Files">The runs.</param>
/// <param name="Results">One for each workload, peer and number of threads.</param>
/// <param name="Ratios">One for each pair of peers that was compared round by round.</param>
public sealed record Box(int Number, MachineInfo Machine, Topology Topology, IReadOnlyList<ScaleFile> Files, IReadOnlyList<ScaleResult> Results, IReadOnlyList<ScaleRatio> Ratios)
{
    /// <summary>Its processor and how many there are.</summary>
    public string Label => $"{(Topology.Model.Length > 0 ? Topology.Model : Machine.Architecture)}, {Machine.Processors} processors";

    /// <summary>Names in the order in which they were measured.</summary>
    public IReadOnlyList<string> Workloads { get; } = [.. Results.Select(result => result.Workload).Distinct()];

    public IReadOnlyList<string> Peers { get; } = [.. Results.Select(result => result.Peer).Distinct()];

    public IReadOnlyList<ScaleResult> Of(string workload) => [.. Results.Where(result => result.Workload == workload)];

    /// <summary>Those on the most threads that the workload was measured on.</summary>
    public IReadOnlyList<ScaleResult> Widest(string workload)
    {
        var all = Of(workload);
        return [.. all.Where(result => result.Threads == all.Max(other => other.Threads))];
    }

    /// <summary>What a workload is; null where no file says.</summary>
    public ScaleWorkload? About(string workload) => Files.SelectMany(file => file.Report.Workloads ?? []).FirstOrDefault(known => known?.Name == workload);
}
