extern alias instrumented;

using System.Collections.Concurrent;
using FolioRuntime.Exploration;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Laboratory;
using FolioRuntime.Tests.Exploration.Mutants;

namespace FolioRuntime.Tests.Exploration;

/// <summary>Explores scenarios over a variant of the runtime: the shipping sources with their plain accesses announced, or a mutant of them. Each of the former once a test run.</summary>
internal static class ScenarioResults
{
    private static readonly ConcurrentDictionary<(string, string), Lazy<ScenarioResult>> s_results = new();
    private static readonly Lazy<MutantCompiler> s_compiler = new(() => new MutantCompiler(RepositoryRoot.Find()));
    private static readonly Lazy<(PlantedMutants Mutants, byte[] Woven)> s_planted = new(Plant);

    // One for each exploration under way: a seam has one observer.
    private static readonly ConcurrentBag<VariantContext> s_unchanged = [];

    /// <summary>What a scenario gives over the sources as they are.</summary>
    public static ScenarioResult Of(string scenario, string memory) =>
        s_results.GetOrAdd((scenario, memory), _ => new Lazy<ScenarioResult>(() => ExploreUnchanged(scenario, memory, null))).Value;

    /// <summary>One execution over the sources as they are, by its schedule.</summary>
    public static ScenarioResult Replay(string scenario, string memory, string schedule) => ExploreUnchanged(scenario, memory, schedule);

    /// <summary>What the scenario that must notice a mutant gives over it: under sequential memory, and if that is clean under weak memory.</summary>
    public static ScenarioResult Of(Mutant mutant) => IsPlanted(mutant) ? Explore(Planted(mutant), mutant) : CompiledAlone(mutant);

    /// <summary>Whether a mutant is in the build of all of them, rather than in one of its own.</summary>
    public static bool IsPlanted(Mutant mutant) => s_planted.Value.Mutants.NumberOf(mutant) != 0;

    /// <summary>The same as <see cref="Of(Mutant)"/>, over the sources compiled with this mutant and no other.</summary>
    public static ScenarioResult CompiledAlone(Mutant mutant) => Explore(Load(s_compiler.Value.Compile(mutant)), mutant);

    /// <summary>What a scenario gives over the build with all mutants, none of them awake.</summary>
    public static ScenarioResult WithAllAsleep(string scenario)
    {
        var context = Planted(null);
        var result = Explore(context, scenario, "Sequential", null);
        context.Unload();
        return result;
    }

    private static ScenarioResult Explore(VariantContext context, Mutant mutant)
    {
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

    private static VariantContext Planted(Mutant? awake) =>
        new(s_planted.Value.Woven, typeof(Scenario).Assembly.Location, awake is null ? 0 : s_planted.Value.Mutants.NumberOf(awake));

    // Where one of them doesn't compile, all are compiled alone, and that one says so.
    private static (PlantedMutants Mutants, byte[] Woven) Plant()
    {
        try
        {
            var planted = s_compiler.Value.Plant(MutantCatalog.All);
            return (planted, PlainAccessWeaver.Weave(planted.Assembly.ToArray()));
        }
        catch (MutantException)
        {
            return (s_compiler.Value.Plant([]), []);
        }
    }

    private static ScenarioResult Explore(VariantContext context, string scenario, string memory, string? schedule) => ScenarioResult.From(
        (object?[])context.Invoke(typeof(ExplorationEntry).FullName!, nameof(ExplorationEntry.Explore), scenario, memory, schedule, CancellationToken.None)!);
}
