using FolioRuntime.Harness;

namespace FolioRuntime.Scale.Measurements;

/// <summary>What folio-scale writes as JSON.</summary>
internal sealed record ScaleReport(
    int Schema, string Tool, string Verdict, MachineInfo Machine, Topology Topology, IReadOnlyList<ScaleResult> Results, IReadOnlyList<ScaleRatio> Ratios, IReadOnlyList<string> NotHere);
