namespace FolioRuntime.Harness.Scaling;

/// <summary>What folio-scale writes as JSON. What has a default was added within schema 1: files without it are read too.</summary>
/// <param name="Schema">Of this file: <see cref="CurrentSchema"/>.</param>
/// <param name="Tool">Who wrote it: <see cref="ToolName"/>.</param>
/// <param name="Verdict">How the run ended.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Topology">What its processors share.</param>
/// <param name="Results">A row for each workload, peer and number of threads.</param>
/// <param name="Ratios">Of this runtime's peers to the others.</param>
/// <param name="NotHere">Peers that weren't installed, each with how to install it.</param>
/// <param name="EndedAt">When the run ended.</param>
/// <param name="Workloads">What the workloads among the results are.</param>
/// <param name="Peers">What the peers among the results are.</param>
/// <param name="Aims">What the run says of the figures that this runtime aims at.</param>
/// <param name="MemoryReturn">Of a run with <c>--memory-return</c>, which has no results: a row for each size and way. Null: it measured throughput.</param>
public sealed record ScaleReport(
    int Schema, string Tool, string Verdict, MachineInfo Machine, Topology Topology, IReadOnlyList<ScaleResult> Results, IReadOnlyList<ScaleRatio> Ratios, IReadOnlyList<string> NotHere,
    DateTimeOffset? EndedAt = null, IReadOnlyList<ScaleWorkload>? Workloads = null, IReadOnlyList<ScalePeer>? Peers = null, IReadOnlyList<ScaleAim>? Aims = null,
    IReadOnlyList<ReturnRow>? MemoryReturn = null)
{
    public const int CurrentSchema = 1;
    public const string ToolName = "folio-scale";
}
