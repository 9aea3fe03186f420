using System.CommandLine;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Harness;

namespace FolioRuntime.Exploration;

/// <summary>The command line of folio-explore.</summary>
internal static class ExploreCommand
{
    private const double DefaultSeconds = 600;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        using var interruption = new Interruption();
        return StressProgram.Run(Create(output, interruption.Token), arguments, output, error);
    }

    internal static RootCommand Create(TextWriter output, CancellationToken stop)
    {
        var names = ScenarioCatalog.All.Select(scenario => scenario.Name).ToArray();
        var scenario = new Option<string[]>("--scenario") { Description = "Only these scenarios (default: all; --list names them).", AllowMultipleArgumentsPerToken = true, HelpName = "NAME" };
        scenario.AcceptOnlyFromAmong(names);
        var memory = new Option<string>("--memory") { Description = "sequential: every load sees the newest value; weak: older ones too, where nothing forbids it; both (default)." };
        memory.AcceptOnlyFromAmong("sequential", "weak", "both");
        var list = new Option<bool>("--list") { Description = "Lists the scenarios." };
        var replay = new Option<string?>("--replay") { Description = "One execution of one scenario, by its schedule.", HelpName = "SCHEDULE" };
        replay.Validators.Add(result =>
        {
            try
            {
                Reach.Replay(result.Tokens is [var token] ? token.Value : "");
            }
            catch (FormatException exception)
            {
                result.AddError($"--replay: {exception.Message}");
            }
        });
        var preemptions = new Option<int?>("--preemptions") { Description = "All executions with at most so many preemptions, instead of what the scenario says.", HelpName = "N" };
        var random = new Option<long?>("--random") { Description = "So many random executions (PCT), instead of what the scenario says.", HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = "Of the random executions.", DefaultValueFactory = _ => 1 };
        var most = new Option<long>("--executions") { Description = "At most so many executions of each scene; one that has more makes the run inconclusive.", DefaultValueFactory = _ => long.MaxValue, HelpName = "N" }
            .Require(value => value > 0, "at least 1");
        var seconds = new Option<double>("--seconds") { Description = "How long the whole run may take; what is left then makes it inconclusive.", DefaultValueFactory = _ => DefaultSeconds }
            .Require(value => value is > 0 and < 1e6, "above 0");
        var json = SharedOptions.JsonOption();
        var root = new RootCommand(
            "Runs the runtime's own sources through every order of their accesses to shared memory, for small scenes, and finds the orders in which something is wrong. "
            + "Exit 0 pass, 1 violation, 2 inconclusive or interrupted, 64 usage.");
        foreach (var option in new Option[] { scenario, memory, list, replay, preemptions, random, seed, most, seconds, json })
            root.Add(option);
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
                return List(output);
            var reach = parsed.GetValue(replay) is { } schedule ? Reach.Replay(schedule)
                : parsed.GetValue(preemptions) is { } bound ? Reach.Preemptions(bound)
                : parsed.GetValue(random) is { } executions ? Reach.Random(executions, seed: parsed.GetValue(seed))
                : null;
            MemoryKind[] memories = parsed.GetValue(memory) switch
            {
                "sequential" => [MemoryKind.Sequential],
                "weak" => [MemoryKind.Weak],
                _ => [MemoryKind.Sequential, MemoryKind.Weak],
            };
            var options = new ExploreOptions(
                parsed.GetValue(scenario) is { Length: > 0 } some ? some : names, memories, reach, parsed.GetValue(most), parsed.GetValue(seconds), parsed.GetValue(json)?.FullName);
            return new ExploreRun(options, output, stop).Run();
        });
        return root;
    }

    private static int List(TextWriter output)
    {
        foreach (var scenario in ScenarioCatalog.All)
        {
            output.WriteLine($"{scenario.Name}{(scenario.IsControl ? " (control)" : "")}");
            output.WriteLine($"    {scenario.About}");
            output.WriteLine($"    {scenario.Subject}; {string.Join(", ", scenario.Invariants)}; sequential: {scenario.Sequential}; weak: {scenario.Weak?.Words ?? "not"}");
        }

        return ExitCode.Pass;
    }
}
