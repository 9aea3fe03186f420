extern alias instrumented;

using System.Collections.Concurrent;
using FolioRuntime.Exploration;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration;

/// <summary>Explores scenarios over a variant of the runtime: the shipping sources with their plain accesses announced, or a mutant of them. Each of the former once a test run.</summary>
internal static class ScenarioResults
{
    private static readonly ConcurrentDictionary<(string, string), Lazy<ScenarioResult>> s_results = new();
    private static readonly Lazy<MutantCompiler> s_compiler = new(() => new MutantCompiler(RepositoryRoot.Find()));

    // One for each exploration under way: a seam has one observer.
    private static readonly ConcurrentBag<VariantContext> s_unchanged = [];

    /// <summary>What a scenario gives over the sources as they are.</summary>
    public static ScenarioResult Of(string scenario, string memory) =>
        s_results.GetOrAdd((scenario, memory), _ => new Lazy<ScenarioResult>(() => ExploreUnchanged(scenario, memory, null))).Value;

    /// <summary>One execution over the sources as they are, by its schedule.</summary>
    public static ScenarioResult Replay(string scenario, string memory, string schedule) => ExploreUnchanged(scenario, memory, schedule);

    /// <summary>What the scenario that must notice a mutant gives over it: under sequential memory, and if that is clean under weak memory.</summary>
    public static ScenarioResult Of(Mutant mutant)
    {
        var context = Load(s_compiler.Value.Compile(mutant));
        var scenario = ScenarioCatalog.Find(mutant.KilledBy);
        var result = Explore(context, scenario.Name, "Sequential", null);
        if (result.Failure is null && scenario.Weak is not null)
            result = Explore(context, scenario.Name, "Weak", null);
        context.Unload();
        return result;
    }

    /// <summary>What a scenario gives over the sources compiled as a mutant's are, with none planted.</summary>
    public static ScenarioResult CompiledAnew(string scenario)
    {
        var context = Load(s_compiler.Value.Compile());
        var result = Explore(context, scenario, "Sequential", null);
        context.Unload();
        return result;
    }

    private static ScenarioResult ExploreUnchanged(string scenario, string memory, string? schedule)
    {
        if (!s_unchanged.TryTake(out var context))
            context = Load(File.ReadAllBytes(typeof(instrumented::FolioRuntime.PoolRuntime).Assembly.Location));
        var result = Explore(context, scenario, memory, schedule);
        s_unchanged.Add(context);
        return result;
    }

    private static VariantContext Load(byte[] runtime) => new(PlainAccessWeaver.Weave(runtime), typeof(Scenario).Assembly.Location);

    private static ScenarioResult Explore(VariantContext context, string scenario, string memory, string? schedule) => ScenarioResult.From(
        (object?[])context.Invoke(typeof(ExplorationEntry).FullName!, nameof(ExplorationEntry.Explore), scenario, memory, schedule, CancellationToken.None)!);
}
