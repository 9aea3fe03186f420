using FolioRuntime.Harness;

namespace FolioRuntime.Exploration;

/// <summary>What folio-explore writes as JSON.</summary>
internal sealed record ExploreReport(int Schema, string Tool, string Verdict, MachineInfo Machine, IReadOnlyList<ExploreResult> Results);
