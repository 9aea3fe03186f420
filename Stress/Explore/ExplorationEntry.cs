using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;

namespace FolioRuntime.Exploration;

/// <summary>
/// The way in for whoever has loaded this assembly a second time, over another variant of the runtime: nothing but the framework's own types
/// crosses.
/// </summary>
internal static class ExplorationEntry
{
    /// <summary>Explores a scenario as far as it says, or by a schedule.</summary>
    /// <returns>Scenario, memory, bound, complete, executions, redundant, longest, states, failure, failing execution, schedule, timeline.</returns>
    public static object?[] Explore(string name, string memory, string? schedule, CancellationToken stop)
    {
        var scenario = ScenarioCatalog.Find(name);
        var kind = Enum.Parse<MemoryKind>(memory);
        var result = scenario.Explore(kind, schedule is null ? null : Reach.Replay(schedule), stop: stop);
        return
        [
            name, memory, result.Bound, result.IsComplete, result.Executions, result.Redundant, result.LongestSteps, result.States.Count,
            result.Failure?.Message, result.Failure?.Execution, result.Failure?.Schedule, result.Failure?.Timeline,
        ];
    }
}
