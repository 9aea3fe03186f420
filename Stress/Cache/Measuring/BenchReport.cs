using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Measuring;

/// <summary>What folio-cache bench writes as JSON. Members are added, never renamed or taken away, within a schema.</summary>
/// <param name="Schema">Of this file: <see cref="CurrentSchema"/>.</param>
/// <param name="Tool">Who wrote it.</param>
/// <param name="Mode">The sub-command: <see cref="ModeName"/>.</param>
/// <param name="Verdict">Measured or interrupted.</param>
/// <param name="Seed">Of the places.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Rounds">Rounds measured.</param>
/// <param name="Results">A row for each way, size and number of threads.</param>
internal sealed record BenchReport(
    int Schema, string Tool, string Mode, string Verdict, ulong Seed, MachineInfo Machine, int Rounds, IReadOnlyList<BenchResult> Results)
{
    public const int CurrentSchema = 1;
    public const string ModeName = "bench";
}
