using FolioRuntime.Harness;

namespace FolioRuntime.Bench;

/// <summary>What folio-bench writes as JSON.</summary>
internal sealed record BenchReport(int Schema, string Tool, MachineInfo Machine, IReadOnlyList<PairedResult> Results);
