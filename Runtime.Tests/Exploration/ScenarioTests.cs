using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>
/// Every scenario, over the shipping sources with all their plain accesses announced: nothing goes wrong in any execution, except in a control, where
/// something must. The number of executions is what it is: reported, not aimed at.
/// </summary>
[TestFixture]
[Category("Exploration")]
[Parallelizable(ParallelScope.Children)]
public sealed class ScenarioTests
{
    private static IEnumerable<TestCaseData> Explorations =>
        from scenario in ScenarioCatalog.All
        from memory in Enum.GetValues<MemoryKind>()
        where scenario.ReachUnder(memory) is not null
        select new TestCaseData(scenario.Name, memory.ToString()).SetName($"{scenario.Name}_{memory.ToString().ToLowerInvariant()}");

    [TestCaseSource(nameof(Explorations))]
    public void Holds(string name, string memory)
    {
        var result = ScenarioResults.Of(name, memory);
        TestContext.Out.WriteLine(result.ToString());
        if (ScenarioCatalog.Find(name).IsControl)
            Assert.That(result.Failure, Is.Not.Null, "a control must be caught");
        else
            Assert.That(result.Failure, Is.Null, $"{result.Failure}\nschedule {result.Schedule}\n{result.Timeline}");
    }

    [Test]
    public void Names_are_unique_and_every_invariant_is_checked_somewhere()
    {
        var scenarios = ScenarioCatalog.All.Where(scenario => !scenario.IsControl).ToArray();
        Assert.That(ScenarioCatalog.All.Select(scenario => scenario.Name), Is.Unique);
        Assert.That(scenarios.SelectMany(scenario => scenario.Invariants).Distinct(), Is.EquivalentTo((string[])["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8"]));
    }
}
