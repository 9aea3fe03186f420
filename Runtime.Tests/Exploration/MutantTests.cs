using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Laboratory;
using FolioRuntime.Tests.Exploration.Mutants;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>Every line that matters, made wrong: a named scenario must notice.</summary>
[TestFixture]
[Category("Exploration")]
[Parallelizable(ParallelScope.Children)]
public sealed class MutantTests
{
    private static IEnumerable<TestCaseData> All => MutantCatalog.All.Select(mutant => new TestCaseData(mutant).SetName(mutant.Name));

    [TestCaseSource(nameof(All))]
    public void IsKilled(Mutant mutant)
    {
        Assert.That(ScenarioCatalog.Find(mutant.KilledBy).IsControl, Is.False, "a scenario that fails anyway kills nothing");
        var result = ScenarioResults.Of(mutant);
        TestContext.Out.WriteLine($"{mutant.Name}: {result}: {result.Failure}");
        Assert.That(result.Failure, Is.Not.Null, $"{mutant.Name} survives {mutant.KilledBy}");
        Assert.That(result.Failure, Does.Not.StartWith(Scheduler.BeforeAnything), $"{mutant.Name} dies while the scene is set up: no order kills it");
    }

    [Test]
    public void Compiled_anew_without_a_mutant_it_is_explored_as_the_build_is()
    {
        var built = ScenarioResults.Of("stranger-held-last", "Sequential");
        Assert.That(ScenarioResults.CompiledAnew("stranger-held-last"), Is.EqualTo(built));
        Assert.That((built.Failure, built.Complete), Is.EqualTo(((string?)null, true)));
    }

    [Test]
    public void With_all_mutants_in_it_and_none_awake_it_is_explored_as_the_build_is([Values("stranger-held-last", "cache-fill-by-two", "slab-remote-return-trim")] string scenario) =>
        Assert.That(ScenarioResults.WithAllAsleep(scenario), Is.EqualTo(ScenarioResults.Of(scenario, "Sequential")));

    [Test]
    public void Nearly_all_are_in_one_build() =>
        Assert.That(MutantCatalog.All.Count(ScenarioResults.IsPlanted), Is.GreaterThan(MutantCatalog.All.Count * 9 / 10));

    /// <summary>A few of them; MutantBedTests has every form of method and property.</summary>
    [TestCase("undo-on-a-dead-word")]
    [TestCase("pages-split-late")]
    [TestCase("filled-by-each")]
    public void In_the_build_of_all_a_mutant_is_what_it_is_alone(string name)
    {
        var mutant = MutantCatalog.All.Single(mutant => mutant.Name == name);
        Assert.That(ScenarioResults.IsPlanted(mutant));
        Assert.That(ScenarioResults.Of(mutant), Is.EqualTo(ScenarioResults.CompiledAlone(mutant)));
    }

    [Test]
    public void Names_are_unique() => Assert.That(MutantCatalog.All.Select(mutant => mutant.Name), Is.Unique);
}
