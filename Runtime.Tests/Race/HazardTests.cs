using FolioRuntime.Race.Hazards;
using NUnit.Framework;

namespace FolioRuntime.Tests.Race;

/// <summary>
/// Each hazard on real threads with seeded pauses: its control is caught within a bounded number of operations, the same control with its one line right is
/// not, and neither is the runtime.
/// </summary>
internal sealed class HazardTests
{
    private const int Threads = 4;
    private const ulong Seed = 11;
    private const long MostOperations = 5_000_000;
    private const int Rounds = 12;

    private static IEnumerable<string> Names => HazardCatalog.All.Select(hazard => hazard.Name);

    [TestCaseSource(nameof(Names))]
    public void Its_control_is_caught(string name)
    {
        var result = Run(name, HazardVariant.Control, run => run.Result.Violations > 0 || run.Result.Operations > MostOperations);
        Assert.That(result.Violations, Is.Positive, $"{result}");
        Assert.That(result.First, Is.Not.Empty);
    }

    [TestCaseSource(nameof(Names))]
    public void It_is_that_line_that_is_caught(string name)
    {
        var result = Run(name, HazardVariant.RepairedControl, run => run.Rounds >= Rounds);
        Assert.That(result.Violations, Is.Zero, result.First);
        Assert.That(result.Operations, Is.Positive);
    }

    [TestCaseSource(nameof(Names))]
    public void The_runtime_is_not_caught(string name)
    {
        var result = Run(name, HazardVariant.Subject, run => run.Rounds >= Rounds);
        Assert.That(result.Violations, Is.Zero, result.First);
        Assert.That(result.Operations, Is.Positive);
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(7)]
    public void Any_number_of_threads_will_do(int threads)
    {
        foreach (var hazard in HazardCatalog.All)
        {
            using var run = new HazardRun(hazard, HazardVariant.Subject, threads, Seed);
            run.Run((_, _) => true, CancellationToken.None);
            Assert.That(run.Result.Violations, Is.Zero, $"{hazard.Name}: {run.Result.First}");
        }
    }

    [Test]
    public void A_scene_that_throws_is_violated_and_the_run_goes_on_to_its_end()
    {
        var thrown = 0;
        var hazard = new Hazard("broken", [1], "", "", setting => new BrokenScene(setting.Referee, () => Interlocked.Increment(ref thrown)));
        using var run = new HazardRun(hazard, HazardVariant.Subject, threads: 2, Seed);
        run.Run((now, _) => now.Rounds == 3, CancellationToken.None);
        Assert.That(run.Result.Violations, Is.EqualTo(thrown).And.Positive);
        Assert.That(run.Result.First, Does.Contain("planted"));
    }

    [Test]
    public void The_catalog_has_fifteen_hazards_or_more_each_with_words_and_a_control_of_its_own()
    {
        Assert.That(HazardCatalog.All, Has.Count.GreaterThanOrEqualTo(15));
        Assert.That(Names, Is.Unique);
        Assert.That(HazardCatalog.All.Select(hazard => hazard.Control), Is.Unique.And.None.Empty);
        Assert.That(HazardCatalog.All.Select(hazard => hazard.Words), Is.Unique.And.None.Empty);
        Assert.That(HazardCatalog.All.SelectMany(hazard => hazard.Numbers), Is.All.InRange(1, 37));
    }

    private static HazardTally Run(string name, HazardVariant variant, Func<HazardRun, bool> isOver)
    {
        using var run = new HazardRun(HazardCatalog.Find(name), variant, Threads, Seed);
        run.Run((now, _) => isOver(now), CancellationToken.None);
        return run.Result;
    }

    private sealed class BrokenScene(Referee referee, Action onThrow) : HazardScene(referee, turnsPerRound: 2)
    {
        public override void Turn(Hand hand) => Throw();

        public override void CloseRound(Hand hand) => Throw();

        public override void Dispose()
        {
            // Nothing.
        }

        private void Throw()
        {
            onThrow();
            throw new InvalidDataException("planted");
        }
    }
}
