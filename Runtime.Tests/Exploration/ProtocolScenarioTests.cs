using FolioRuntime.Exploration;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>The counters that others have published are caught, soon, and by the race that was published against them or a shorter one.</summary>
[TestFixture]
[Category("Exploration")]
[NonParallelizable]
public sealed class ProtocolScenarioTests
{
    private const long Soon = 1000;

    // A put; between its decrement and its compare-exchange B finds the object, puts and destroys it, and C allocates the slot as a Y and puts.
    private const string AsPublished = "A1 B7 C4 A2";

    private static IEnumerable<string> Controls => ProtocolScenarios.All.Select(scenario => scenario.Name);

    [Test]
    public void Hazard01_Hazard02_A_published_counter_is_caught_soon_and_its_schedule_plays_the_same_again([ValueSource(nameof(Controls))] string name)
    {
        var scenario = ScenarioCatalog.Find(name);
        var result = scenario.Explore(MemoryKind.Sequential);
        Assert.That(result.Failure?.Message, Is.EqualTo("A: L1: the destructor of X runs on Y"));
        Assert.That(result.Executions, Is.LessThanOrEqualTo(Soon));
        var again = scenario.Explore(MemoryKind.Sequential, Reach.Replay(result.Failure!.Schedule)).Failure;
        Assert.That(again! with { Execution = result.Failure.Execution }, Is.EqualTo(result.Failure), "message, schedule and timeline");
        TestContext.Out.WriteLine($"{name}, at execution {result.Executions}:\n{result.Failure}");
    }

    [Test]
    public void The_schedule_that_was_published_is_a_shortest_one([Values("kernel-v4", "sticky-counter")] string name)
    {
        var scenario = ScenarioCatalog.Find(name);
        var published = scenario.Explore(MemoryKind.Sequential, Reach.Replay(AsPublished)).Failure;
        Assert.That(published?.Message, Is.EqualTo("A: L1: the destructor of X runs on Y"));
        var shortest = Shortest(scenario, preemptions: 2);
        Assert.That(LengthOf(shortest), Is.LessThanOrEqualTo(LengthOf(published!)));
        Assert.That(LengthOf(scenario.Explore(MemoryKind.Sequential).Failure!), Is.LessThanOrEqualTo(LengthOf(published!)), "also the one that is found first");
        TestContext.Out.WriteLine($"{name}: {LengthOf(shortest)} steps\n{shortest}");
    }

    [Test]
    public void Two_preemptions_suffice_and_one_does_not([ValueSource(nameof(Controls))] string name)
    {
        var scenario = ScenarioCatalog.Find(name);
        Assert.That(scenario.Explore(MemoryKind.Sequential, Reach.Preemptions(1)).Failure, Is.Null);
        Assert.That(scenario.Explore(MemoryKind.Sequential, Reach.Preemptions(2)).Failure, Is.Not.Null);
    }

    private static int LengthOf(Failure failure) => Schedule.Parse(failure.Schedule).Steps.Count;

    /// <summary>Of all the failures within a bound one that takes the fewest steps.</summary>
    private static Failure Shortest(Scenario scenario, int preemptions)
    {
        using var explorer = new Explorer(MemoryKind.Sequential, scenario.MostSteps);
        var search = new DepthFirstSearch(preemptions);
        Failure? shortest = null;
        do
        {
            // Ends at a failure; the search goes on from there.
            if (explorer.Run(scenario.Make, search).Failure is { } failure && (shortest is null || LengthOf(failure) < LengthOf(shortest)))
                shortest = failure;
        }
        while (search.Next());
        return shortest ?? throw new AssertionException($"{scenario.Name} isn't caught with {preemptions} preemptions.");
    }
}
