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
    public void Names_are_unique() => Assert.That(MutantCatalog.All.Select(mutant => mutant.Name), Is.Unique);
}
