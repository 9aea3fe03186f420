namespace FolioRuntime.Harness.Caching;

/// <summary>What folio-cache trace writes as JSON.</summary>
/// <param name="Schema">Of this file: <see cref="CurrentSchema"/>.</param>
/// <param name="Tool">Who wrote it: <see cref="ToolName"/>.</param>
/// <param name="Mode">The sub-command: <see cref="ModeName"/>.</param>
/// <param name="Verdict">How the run ended.</param>
/// <param name="Seed">Of the generated traces.</param>
/// <param name="Violations">What can't be, each in a line: a policy that missed less than the optimum, or broke its contract.</param>
/// <param name="Controls">What had to be noticed, and how often it was.</param>
/// <param name="Traces">The traces and how large they are.</param>
/// <param name="Results">A row for each trace, policy and size.</param>
public sealed record TraceReport(
    int Schema, string Tool, string Mode, string Verdict, ulong Seed, IReadOnlyList<string> Violations, IReadOnlyList<CacheControl> Controls, IReadOnlyList<TraceFacts> Traces,
    IReadOnlyList<TraceResult> Results)
{
    public const int CurrentSchema = 1;
    public const string ToolName = "folio-cache";
    public const string ModeName = "trace";
}
