using CsCheck;
using FolioRuntime.Exploration;
using FolioRuntime.Exploration.Engine;
using FolioRuntime.Exploration.Scenarios;
using FolioRuntime.Tests.Properties;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>
/// The reduced search against plain depth-first search, which is too simple to be wrong: over thousands of small programs, and scenes of the
/// shipping sources that are small enough, both must see the same final states, and of the programs executions of the same classes.
/// </summary>
[TestFixture]
[Category("Exploration")]
[NonParallelizable]
public sealed class ReducedSearchTests
{
    private static readonly Gen<ToyInstruction> s_instruction = Gen.Select(
        Gen.Enum<ToyKind>(), Gen.Int[0, ToyProgram.WordCount - 1], Gen.ULong[0, 2], (kind, word, value) => new ToyInstruction(kind, word, value));

    private static Gen<ToyProgram> Programs(int threads, int longest) => s_instruction.Array[1, longest].Array[threads].Select(parts => new ToyProgram(parts));

    [Test]
    public void Reduced_and_plain_search_see_the_same_states_and_classes_of_two_threads() => Compare(Programs(2, 4), MemoryKind.Sequential, 4000);

    [Test]
    public void Reduced_and_plain_search_see_the_same_states_and_classes_of_three_threads() => Compare(Programs(3, 2), MemoryKind.Sequential, 1000);

    [Test]
    public void Reduced_and_plain_search_see_the_same_states_under_weak_memory([Values(2, 3)] int threads) => Compare(Programs(threads, threads == 2 ? 3 : 2), MemoryKind.Weak, threads == 2 ? 1500 : 150);

    [TestCase("resurrection-at-zero")]
    [TestCase("sequence-against-recycling")]
    public void Of_the_shipping_sources_too_both_see_the_same_states(string name)
    {
        var scenario = ScenarioCatalog.Find(name);
        var reduced = scenario.Explore(MemoryKind.Sequential);
        var plain = scenario.Explore(MemoryKind.Sequential, Reach.Unreduced);
        TestContext.Out.WriteLine($"{name}: {reduced.Executions} executions reduced, {plain.Executions} plain, {plain.States.Count} final states");
        Assert.That((plain.IsComplete, plain.Failure), Is.EqualTo((true, (Failure?)null)));
        Assert.That(reduced.States, Is.EquivalentTo(plain.States));
        Assert.That(reduced.Executions, Is.LessThan(plain.Executions));
    }

    /// <summary>A collection in the middle of an execution moves words: of what the search learnt in it nothing may stay.</summary>
    [TestCase("bias-two-revokers")]
    [TestCase("depot-takes-and-stows")]
    public void What_the_collector_disturbs_is_played_again_and_changes_nothing(string name)
    {
        var scenario = ScenarioCatalog.Find(name);
        using var explorer = new Explorer(MemoryKind.Weak, scenario.MostSteps);
        var undisturbed = explorer.Run(scenario.Make, Reach.Everything.Search(MemoryKind.Weak));
        var attempts = 0;
        var disturbed = explorer.Run(
            () =>
            {
                var scene = scenario.Make();
                var first = scene.Threads[0];
                if (++attempts % 2 == 1)
                {
                    scene.Threads[0] = () =>
                    {
                        first();
                        GC.Collect(0);
                    };
                }

                return scene;
            },
            Reach.Everything.Search(MemoryKind.Weak));
        Assert.That((disturbed.Executions, disturbed.Redundant, disturbed.States.Count, disturbed.IsComplete), Is.EqualTo((undisturbed.Executions, undisturbed.Redundant, undisturbed.States.Count, true)));
        Assert.That(attempts, Is.GreaterThan(disturbed.Executions * 3 / 2), "most were disturbed once");
    }

    [Test]
    public void Bounded_search_sees_no_state_that_is_not_there_and_more_the_further_it_goes()
    {
        var program = new ToyProgram([
            [new(ToyKind.Load, 0, 0), new(ToyKind.Store, 0, 1), new(ToyKind.Load, 1, 0)],
            [new(ToyKind.Add, 0, 2), new(ToyKind.Replace, 1, 0), new(ToyKind.Load, 0, 0)],
            [new(ToyKind.Add, 1, 3), new(ToyKind.Load, 0, 0)],
        ]);
        using var explorer = new Explorer();
        var all = explorer.Run(program.MakeScene, new DepthFirstSearch()).States;
        var before = 0;
        foreach (var bound in Enumerable.Range(0, 4))
        {
            var seen = explorer.Run(program.MakeScene, new DepthFirstSearch(bound)).States;
            Assert.That(seen, Is.SubsetOf(all));
            Assert.That(seen, Has.Count.GreaterThan(before));
            before = seen.Count;
        }

        var random = explorer.Run(program.MakeScene, new RandomPrioritySearch(seed: 1, changes: 3, executions: 2000)).States;
        Assert.That(random, Is.SubsetOf(all));
        Assert.That(random, Has.Count.GreaterThan(all.Count / 2));
    }

    private static void Compare(Gen<ToyProgram> programs, MemoryKind memory, int samples)
    {
        long reduced = 0;
        long plain = 0;
        long classes = 0;
        long failing = 0;
        using var explorer = new Explorer(memory);
        programs.Sample(
            program =>
            {
                var dependence = new Dependence(memory == MemoryKind.Weak);
                var depthFirst = new DepthFirstSearch(dependence: dependence);
                var reducedSearch = new SourceSetSearch(dependence) { Classes = [] };
                var all = explorer.Run(program.MakeScene, depthFirst);
                var few = explorer.Run(program.MakeScene, reducedSearch);
                plain += all.Executions;
                reduced += few.Executions;
                if (all.Failure is not null && few.Failure is not null)
                {
                    // Somebody waits for ever in some execution: both say so, and stop.
                    failing++;
                    return;
                }

                if (all.Failure is not null || few.Failure is not null || !few.IsComplete || !few.States.SetEquals(all.States))
                    throw new InvalidOperationException($"{program}: {few.States.Count} states of {all.States.Count}; {all.Failure} {few.Failure}");
                if (!reducedSearch.Classes.SetEquals(depthFirst.Classes))
                    throw new InvalidOperationException($"{program}: {reducedSearch.Classes.Count} classes of {depthFirst.Classes.Count}");
                classes += depthFirst.Classes.Count;
            },
            iter: samples * Effort.Factor,
            threads: 1,
            print: program => program.ToString());
        Assert.That(failing, Is.LessThan(samples * Effort.Factor / 2), "programs of which nothing is compared but that they fail");
        TestContext.Out.WriteLine($"{samples * Effort.Factor} programs: {classes} classes, {reduced} executions reduced, {plain} plain; {failing} programs in which a thread can wait for ever");
    }
}
