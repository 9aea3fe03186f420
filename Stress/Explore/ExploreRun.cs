using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Harness;

namespace FolioRuntime.Exploration;

/// <summary>Explores scenarios one after the other and says what it saw.</summary>
internal sealed class ExploreRun(ExploreOptions options, TextWriter output, CancellationToken stop)
{
    private readonly List<ExploreResult> _results = [];
    private bool _cutShort;
    private int _unfit;

    public int Run()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Seconds));
        output.WriteLine(MachineInfo.ThisMachine);
        var left = 0;
        foreach (var scenario in options.Scenarios.Select(ScenarioCatalog.Find))
        {
            foreach (var memory in options.Memories.Where(memory => options.Reach is not null || scenario.ReachUnder(memory) is not null))
            {
                if (limit.IsCancellationRequested)
                    left++;
                else
                    Explore(scenario, memory, limit.Token);
            }
        }

        return Conclude(left);
    }

    private void Explore(Scenario scenario, MemoryKind memory, CancellationToken limit)
    {
        var result = scenario.Explore(memory, options.Reach, options.MostExecutions, limit);
        _cutShort |= result.IsCutShort;
        _results.Add(new ExploreResult(
            scenario.Name, memory.ToString().ToLowerInvariant(), scenario.IsControl, result.Bound, result.IsComplete, result.Executions, result.Redundant,
            result.LongestSteps, result.States.Count, result.Failure?.Message, result.Failure?.Schedule));
        _unfit += result.Failure is null && result.Objection is not null ? 1 : 0;
        var how = result.Failure is null ? result.Objection ?? (result.IsComplete ? "complete" : result.IsCutShort ? "cut short" : "not complete") : scenario.IsControl ? "caught" : "FAILED";
        output.WriteLine($"{scenario.Name,-44} {memory.ToString().ToLowerInvariant(),-10} {result.Executions,9:N0} executions of at most {result.LongestSteps} steps, {result.Bound}: {how}");
        if (result.Failure is { } failure)
            output.WriteLine(failure);
    }

    private int Conclude(int left)
    {
        var failed = _results.Count(result => result.Failure is not null && !result.IsControl);
        var uncaught = _results.Where(result => result.IsControl && result.Failure is null)
            .Select(result => result.Scenario)
            .Except(_results.Where(result => result.Failure is not null).Select(result => result.Scenario), StringComparer.Ordinal)
            .ToArray();

        // A search of what its scenario doesn't call complete leaves nothing out that was asked for; a schedule may be of one kind of memory only.
        var cut = left > 0 || _cutShort || stop.IsCancellationRequested || _unfit == _results.Count;
        var (verdict, code) = failed > 0 ? ("violation", ExitCode.Violation)
            : stop.IsCancellationRequested ? ("interrupted", ExitCode.Inconclusive)
            : uncaught.Length > 0 || cut ? ("inconclusive", ExitCode.Inconclusive)
            : ("pass", ExitCode.Pass);
        output.WriteLine();
        output.WriteLine(
            $"{verdict}: {_results.Count} explorations, {_results.Sum(result => result.Executions):N0} executions, {_results.Count(result => result.Complete)} complete, "
            + $"{failed} failed, {_results.Count(result => result.IsControl && result.Failure is not null)} controls caught"
            + (uncaught.Length > 0 ? $", NOT caught: {string.Join(", ", uncaught)}" : "")
            + (left > 0 ? $", {left} not begun in {options.Seconds:0} s" : ""));
        if (options.Json is { } json)
            JsonFile.Write(json, new ExploreReport(1, "folio-explore", verdict, MachineInfo.ThisMachine, _results), ExploreJson.Default.ExploreReport);
        return code;
    }
}
