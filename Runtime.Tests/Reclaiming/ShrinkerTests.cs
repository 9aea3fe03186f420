using FolioRuntime.Folios;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>What holds memory that it can do without is asked for it before an allocation fails.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class ShrinkerTests(int generationBits) : RuntimeFixture(generationBits)
{
    private static readonly PageOrder s_frame = new(0);

    protected override PoolRuntimeOptions Options => base.Options with { CapacityBytes = 4 << 20, ReservationBytes = 16 << 20, ThreadPageCapacity = 4, MinWatermark = 0 };

    private static TimeSpan Patience => TimeSpan.FromMinutes(1);

    [Test]
    public void A_folio_is_had_from_a_shrinker_that_holds_all_memory()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        Assert.That(hoard.Held, Is.EqualTo(1024));
        using var registration = Pool.RegisterShrinker("hoard", hoard);

        Assert.That(Pool.Folios.TryRent(s_frame, out var folio), Is.True);
        var now = Pool.Snapshot().Reclaim;
        Assert.That(now.ObjectsShrunk, Is.EqualTo(1024 - hoard.Held).And.EqualTo(128), "an eighth of it, in the first round");
        Assert.That((hoard.Counts, hoard.Scans), Is.EqualTo((1, 1)));
        Assert.That(Pool.Snapshot().ToString(), Does.Contain("128 objects shrunk"));
        Pool.Folios.Return(folio);
        hoard.Drop();
    }

    [Test]
    public void A_large_folio_takes_as_many_rounds_as_it_needs()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        using (Pool.Folios.Allocate(new PageOrder(10)))
            Assert.That(hoard.Held, Is.Zero, "4 MiB in one piece is all there is");
        Assert.That(hoard.Scans, Is.InRange(4, 16));
    }

    [Test]
    public void An_object_is_had_too_of_either_discipline([Values] SlabDiscipline discipline)
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        using var cache = Pool.CreateByteCache("objects", 1000, new SlabCacheOptions { Discipline = discipline });
        cache.Return(cache.Rent());
        Assert.That(Pool.Snapshot().Reclaim.DirectReclaims, Is.GreaterThanOrEqualTo(1));
        hoard.Drop();
    }

    [Test]
    public void What_caches_keep_free_goes_before_anything_is_shrunk()
    {
        var hoard = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        var cache = Pool.CreateByteCache("keeper", 1 << 18, new SlabCacheOptions { EmptySlabsKept = 100 });
        var objects = new SlabHandle[8];
        Assert.That(cache.TryRentMany(objects), Is.EqualTo(8));
        cache.ReturnMany(objects);
        for (var i = 0; i < 1024; i++)
            hoard.Keep(Pool.Folios.Rent(s_frame));
        Assert.That((hoard.Held, hoard.Scans), Is.EqualTo((1024, 0)));
        hoard.Drop();
    }

    [Test]
    public void Those_that_have_nothing_cost_a_count_a_round_and_the_error_is_the_clear_one()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        var poor = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("poor", poor);
        Assert.That(Pool.Folios.TryRent(s_frame, out _), Is.False);
        Assert.That((poor.Counts, poor.Scans), Is.EqualTo((4, 0)), "an eighth, a quarter, a half and all of nothing");
        var error = Assert.Throws<OutOfMemoryException>(() => Pool.Folios.Rent(s_frame))!;
        Assert.That(error.Message, Does.Contain("capacity 4 MiB").And.Contain("in use 4 MiB"));
        hoard.Drop();
    }

    [Test]
    public void One_that_throws_is_reported_by_name_and_costs_the_others_nothing([Values] bool inCount)
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        var broken = new HoardingShrinker(Pool);
        broken.Keep(hoardOf(hoard));
        if (inCount)
            broken.Counting = () => throw new InvalidTimeZoneException("planted");
        else
            broken.Scanning = _ => throw new InvalidTimeZoneException("planted");
        using var first = Pool.RegisterShrinker("good", hoard);
        using var second = Pool.RegisterShrinker("broken", broken);

        Assert.That(Pool.Folios.TryRent(s_frame, out var folio), Is.True);
        Pool.Folios.Return(folio);
        hoard.Drop();
        Assert.That(Violations.Select(violation => (violation.Kind, violation.Subject)).Distinct(), Is.SubsetOf(new[] { (ViolationKind.ReclaimFailed, "broken") }));
        broken.Counting = null;
        broken.Scanning = null;
        broken.Drop();

        FolioHandle hoardOf(HoardingShrinker from)
        {
            from.Scan(1);
            return Pool.Folios.Rent(s_frame);
        }
    }

    [Test]
    public void If_all_throw_the_error_is_the_clear_one_and_each_is_reported_once_a_descent()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        hoard.Scanning = _ => throw new InvalidTimeZoneException("planted");
        using var registration = Pool.RegisterShrinker("broken", hoard);
        Assert.Throws<OutOfMemoryException>(() => Pool.Folios.Rent(s_frame));
        Assert.That(Violations.Select(violation => (violation.Kind, violation.Subject)), Is.EqualTo(new[] { (ViolationKind.ReclaimFailed, "broken") }));
        Assert.That(Violations[0].Exception, Is.TypeOf<InvalidTimeZoneException>());
        Assert.That(Pool.Snapshot().Reclaim.ShrinkersFailed, Is.EqualTo(1));
        hoard.Scanning = null;
        Assert.That(Pool.Folios.TryRent(s_frame, out var folio), Is.True, "and it is asked again the next time");
        Pool.Folios.Return(folio);
        hoard.Drop();
    }

    [Test]
    public void What_a_shrinker_rents_while_it_shrinks_calls_no_shrinker()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        var nested = new List<bool>();
        hoard.Scanning = wanted => nested.Add(Pool.Folios.TryRent(s_frame, out _));
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        Assert.That(Pool.Folios.TryRent(s_frame, out var folio), Is.True);
        Assert.That(nested, Is.EqualTo([false]));
        Assert.That(hoard.Scans, Is.EqualTo(1));
        hoard.Scanning = null;
        Pool.Folios.Return(folio);
        hoard.Drop();
    }

    [Test]
    public void Answers_that_make_no_sense_do_no_harm()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        foreach (var (count, freed) in new[] { (-5L, 3L), (long.MaxValue, -1L), (long.MinValue, 0L), (7L, 0L) })
        {
            using var registration = Pool.RegisterShrinker("liar", new LyingShrinker(count, freed));
            Assert.That(Pool.Folios.TryRent(s_frame, out _), Is.False);
        }

        using (Pool.RegisterShrinker("boaster", new LyingShrinker(1000, long.MaxValue)))
            Assert.That(Pool.Folios.TryRent(s_frame, out _), Is.False, "it ends though it says it frees");
        hoard.Drop();
    }

    [Test]
    public void After_the_dispose_it_isnt_asked_any_more_and_twice_is_once()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        var registration = Pool.RegisterShrinker("hoard", hoard);
        registration.Dispose();
        registration.Dispose();
        Assert.That(Pool.Folios.TryRent(s_frame, out _), Is.False);
        Assert.That(hoard.Counts, Is.Zero);
        hoard.Drop();
    }

    [Test]
    public void The_dispose_waits_for_a_call_on_another_thread()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var inside = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var ended = false;
        hoard.Scanning = _ =>
        {
            inside.Set();
            goOn.Wait(Patience);
            Volatile.Write(ref ended, true);
        };
        var registration = Pool.RegisterShrinker("hoard", hoard);
        using var renter = new OtherThread(() => Assert.That(Pool.Folios.TryRent(s_frame, out _), Is.True), join: false);
        Assert.That(inside.Wait(Patience), Is.True);
        var endedBeforeTheDispose = false;
        using (new OtherThread(
            () =>
            {
                registration.Dispose();
                endedBeforeTheDispose = Volatile.Read(ref ended);
            },
            join: false))
        {
            goOn.Set();
        }

        Assert.That(endedBeforeTheDispose, Is.True);
        hoard.Scanning = null;
        hoard.Drop();
    }

    [Test]
    public void A_shrinker_may_dispose_its_own_registration_and_anothers()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        var other = new HoardingShrinker(Pool);
        IDisposable? own = null;
        IDisposable? theirs = null;
        hoard.Scanning = _ =>
        {
            own!.Dispose();
            theirs!.Dispose();
        };
        own = Pool.RegisterShrinker("hoard", hoard);
        theirs = Pool.RegisterShrinker("other", other);
        Assert.That(Pool.Folios.TryRent(s_frame, out var folio), Is.True);
        Pool.Folios.Return(folio);
        hoard.Hoard();
        Assert.That(hoard.Scans, Is.EqualTo(1), "neither is asked any more");
        hoard.Drop();
    }

    [Test]
    public void Two_threads_that_find_nothing_both_shrink_and_nothing_is_lost([Range(1, 5)] int round)
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        TestThreads.Run(2, thread =>
        {
            var mine = new FolioHandle[100 + (round * thread)];
            for (var i = 0; i < mine.Length; i++)
                Assert.That(Pool.Folios.TryRent(s_frame, out mine[i]), Is.True);
            foreach (var folio in mine)
                Pool.Folios.Return(folio);
        });
        hoard.Drop();
        Pool.Trim();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Both_may_be_inside_the_same_shrinker_at_once()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var both = new Barrier(2);
        hoard.Scanning = _ => Assert.That(both.SignalAndWait(Patience), Is.True, "the other comes in too");
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        TestThreads.Run(2, _ => Assert.That(Pool.Folios.TryRent(s_frame, out var _), Is.True));
        hoard.Scanning = null;
        hoard.Drop();
    }

    [Test]
    public void Registered_and_disposed_by_many_while_memory_is_short_none_is_called_afterwards()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        TestThreads.Run(3, thread =>
        {
            for (var i = 0; i < 200; i++)
            {
                if (thread == 0)
                {
                    hoard.Keep(Pool.Folios.Rent(s_frame));
                    continue;
                }

                var isOver = false;
                var mine = new HoardingShrinker(Pool) { Counting = () => Assert.That(Volatile.Read(ref isOver), Is.False) };
                Pool.RegisterShrinker("brief", mine).Dispose();
                Volatile.Write(ref isOver, true);
            }
        });
        Assert.That(Violations, Is.Empty, "an assertion that fails inside a shrinker would be reported");
        hoard.Drop();
    }

    [Test]
    public void Arguments_and_a_disposed_runtime_are_refused()
    {
        var shrinker = new HoardingShrinker(Pool);
        Assert.Throws<ArgumentNullException>(() => Pool.RegisterShrinker("none", null!));
        Assert.Throws<ArgumentException>(() => Pool.RegisterShrinker(" ", shrinker));
        var late = Pool.RegisterShrinker("late", shrinker);
        Pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Pool.RegisterShrinker("too late", shrinker));
        Assert.That(Pool.Folios.TryRent(s_frame, out _), Is.False);
        Assert.That(shrinker.Counts, Is.Zero);
        late.Dispose();
    }

    [Test]
    public void A_trim_by_the_user_asks_no_shrinker()
    {
        var hoard = new HoardingShrinker(Pool).Hoard();
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        Pool.Trim();
        Pool.Trim(TrimLevel.Idle);
        Assert.That(hoard.Counts, Is.Zero);
        hoard.Drop();
    }
}
