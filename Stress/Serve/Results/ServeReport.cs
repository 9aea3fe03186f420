using FolioRuntime.Harness;

namespace FolioRuntime.Serve.Results;

/// <summary>The result of a run. Members are added, never renamed or taken away, within a schema.</summary>
internal sealed record ServeReport(
    int Schema, string Tool, string Verdict, ulong Seed, MachineInfo Machine, IReadOnlyList<PoolReport> Pools, IReadOnlyList<ControlReport> Controls, ServeComparison? Comparison)
{
    public const int CurrentSchema = 1;
    public const string ToolName = "folio-serve";
}
