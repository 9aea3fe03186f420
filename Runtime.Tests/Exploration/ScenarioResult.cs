using System.Globalization;

namespace FolioRuntime.Tests.Exploration;

/// <summary>What exploring a scenario gave, as it comes out of another load context (<c>ExplorationEntry</c>).</summary>
internal sealed record ScenarioResult(
    string Scenario, string Memory, string Bound, bool Complete, long Executions, long Redundant, int LongestSteps, int States,
    string? Failure, long? FailingExecution, string? Schedule, string? Timeline)
{
    public static ScenarioResult From(object?[] fields) => new(
        (string)fields[0]!, (string)fields[1]!, (string)fields[2]!, (bool)fields[3]!, (long)fields[4]!, (long)fields[5]!, (int)fields[6]!, (int)fields[7]!,
        (string?)fields[8], (long?)fields[9], (string?)fields[10], (string?)fields[11]);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Scenario}, {Memory.ToLowerInvariant()} memory, {Bound}: {Executions:N0} executions of at most {LongestSteps} steps, {(Failure is not null ? $"wrong at execution {FailingExecution}" : Complete ? "complete" : "not complete")}");
}
