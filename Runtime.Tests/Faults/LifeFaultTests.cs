using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// Every constructor and every destructor that a play runs, throwing: each alone, and each constructor with each destructor. What the
/// constructor threw comes out of the rent; what the destructor threw is reported; nothing is lost and nothing is ended twice.
/// </summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class LifeFaultTests(int generationBits)
{
    private static IEnumerable<string> Plays => LifePlay.All.Keys;

    private PoolRuntimeOptions Options => new()
    {
        CapacityBytes = 256 << 10,
        ReservationBytes = 256 << 10,
        MaxOrder = 3,
        ThreadPageCapacity = 2,
        GenerationBits = generationBits,
        TrimInterval = Timeout.InfiniteTimeSpan,
    };

    [TestCaseSource(nameof(Plays))]
    public void Each_constructor_each_destructor_and_each_pair_of_them_throws(string play)
    {
        var undisturbed = Live(play, new LivesUnderFault());
        Assert.That(undisturbed.Constructions, Is.GreaterThanOrEqualTo(5));
        Assert.That(undisturbed.Destructions, Is.GreaterThanOrEqualTo(5));
        var pairs = 0;
        for (var n = 0; n <= undisturbed.Constructions; n++)
        {
            // With a constructor that throws there are at most as many destructors as without.
            for (var m = 0; m <= undisturbed.Destructions; m++)
            {
                Live(play, new LivesUnderFault { FailingConstruction = n, FailingDestruction = m });
                pairs++;
            }
        }

        TestContext.Out.WriteLine($"{undisturbed.Constructions} constructors, {undisturbed.Destructions} destructors, {pairs} runs");
    }

    [Test]
    public void With_a_listener_that_throws_too_nothing_changes([ValueSource(nameof(Plays))] string play)
    {
        var destructions = Live(play, new LivesUnderFault()).Destructions;
        for (var m = 1; m <= destructions; m++)
            Live(play, new LivesUnderFault { FailingDestruction = m }, listener: _ => throw new PlantedException("listener"));
    }

    [Test]
    public void With_each_call_to_the_system_refused_as_well([Values] bool failuresPersist)
    {
        long runs = 0;
        foreach (var play in (string[])["shared", "exclusive-bulk", "object-pool"])
        {
            for (var n = 1; n <= 12; n += 3)
            {
                var (construction, destruction) = (n, 13 - n);
                runs += FaultSweep.Run(
                    memory => Live(play, new LivesUnderFault { FailingConstruction = construction, FailingDestruction = destruction }, memory),
                    failuresPersist);
            }
        }

        TestContext.Out.WriteLine($"{runs} runs");
    }

    /// <summary>The control: a user of the runtime that forgets an object when the constructor of the next throws.</summary>
    [Test]
    public void A_play_that_loses_an_object_at_an_exception_is_found()
    {
        var lives = new LivesUnderFault { FailingConstruction = 2 };
        using var pool = new PoolRuntime(Options);
        var cache = pool.CreateCache("lives", null, lives.Constructor, lives.Destructor);
        cache.Rent();
        Assert.Throws<PlantedException>(() => cache.Rent());
        Assert.That(() => RequireAccounts(pool, lives, new LifePlay(pool, lives), "control"), Throws.TypeOf<FaultFoundException>());
    }

    /// <summary>The control of the book: a destructor run again for a life that is over.</summary>
    [Test]
    public void A_life_that_is_ended_twice_is_found()
    {
        var lives = new LivesUnderFault();
        var life = lives.Begin();
        lives.End(life);
        Assert.That(lives.Wrong, Is.Null);
        lives.End(life);
        Assert.That(lives.Wrong, Is.Not.Null);
    }

    private LivesUnderFault Live(string play, LivesUnderFault lives, Action<Violation>? listener = null)
    {
        using var pool = new PoolRuntime(Options);
        pool.ViolationDetected += listener;
        Live(play, lives, pool, () => false);
        return lives;
    }

    private void Live(string play, LivesUnderFault lives, FaultInjectingMemory memory)
    {
        PoolRuntime pool;
        try
        {
            pool = new PoolRuntime(Options, memory, memory);
        }
        catch (VirtualMemoryException)
        {
            Expect.That(memory.FailureCount > 0, "a reservation fails only when it is refused");
            return;
        }

        using (pool)
        {
            Live(play, lives, pool, () => memory.FailureCount > 0);
            memory.Lift();
            Live(play, new LivesUnderFault(), pool, () => false);
        }
    }

    private static void Live(string name, LivesUnderFault lives, PoolRuntime pool, Func<bool> mayRefuse)
    {
        var when = $"constructor {lives.FailingConstruction}, destructor {lives.FailingDestruction}";
        var reportedBefore = pool.ViolationCount(ViolationKind.DestructorThrew);
        var outBefore = pool.ViolationCount(ViolationKind.OutstandingAtDispose);
        var play = new LifePlay(pool, lives) { MayRefuse = mayRefuse };
        LifePlay.All[name](play);
        RequireAccounts(pool, lives, play, when);
        Expect.That(pool.ViolationCount(ViolationKind.DestructorThrew) - reportedBefore - play.ResetsFailed == lives.DestructionsFailed, $"{when}: what a destructor throws is reported, once");
        Expect.That(pool.ViolationCount(ViolationKind.OutstandingAtDispose) - outBefore == (play.LeftToTheEnd > 0 ? 1 : 0), $"{when}: what is out at the end is reported");
    }

    private static void RequireAccounts(PoolRuntime pool, LivesUnderFault lives, LifePlay play, string when)
    {
        Expect.That(play.Met == lives.ConstructionsFailed, $"{when}: what a constructor throws comes out of the rent, once");
        Expect.That(lives.Wrong is null, $"{when}: {lives.Wrong}");
        Expect.That(lives.Alive == 0, $"{when}: {lives.Alive} objects were never destroyed");
        Expect.Whole(pool, when);

        // Still usable, to its last page.
        var folios = new List<FolioHandle>();
        while (pool.Folios.TryRent(new PageOrder(0), out var folio))
            folios.Add(folio);
        Expect.That(folios.Count + pool.Pages.RetiredFrames >= pool.Pages.CommittedFrames, $"{when}: not every page can be had");
        foreach (var folio in folios)
            pool.Folios.Return(folio);
        Expect.Whole(pool, when);
    }
}
