using System.Diagnostics;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;

foreach (var scenario in ScenarioCatalog.All.Where(scenario => args.Length == 0 || args.Contains(scenario.Name)))
{
    foreach (var memory in new[] { MemoryKind.Sequential, MemoryKind.Weak }.Where(memory => scenario.ReachUnder(memory) is not null))
    {
        var watch = Stopwatch.StartNew();
        var result = scenario.Explore(memory);
        Console.WriteLine($"{scenario.Name}, {memory}, {result.Bound}: {result.Executions} executions, {result.Redundant} redundant, complete: {result.IsComplete}, longest {result.LongestSteps}, {result.States.Count} states, {watch.ElapsedMilliseconds} ms");
        if (result.Failure is { } failure)
            Console.WriteLine(failure);
    }
}
