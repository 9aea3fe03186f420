using FolioRuntime.Folios;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>
/// Memory is freed before it has run out, and some is kept for those who free it. The clock's timers fire on the thread that sets them to now, so a
/// wake-up is over when the allocation is.
/// </summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class WatermarkTests(int generationBits) : ReclaimFixture(generationBits)
{
    private const int Frames = 1024;
    private const int Min = 32;
    private const int Low = 64;
    private const int High = 128;

    // Single frames come in batches.
    private static readonly PageOrder s_pair = new(1);

    protected override PoolRuntimeOptions Options => base.Options with
    {
        CapacityBytes = Frames * 4096,
        ReservationBytes = 16 << 20,
        ThreadPageCapacity = 0,
        MinWatermark = (double)Min / Frames,
        LowWatermark = (double)Low / Frames,
        HighWatermark = (double)High / Frames,
    };

    [Test]
    public void Below_low_the_reclaimer_is_woken_and_frees_up_to_high()
    {
        var hoard = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        Take(hoard, Frames - Low);
        Assert.That((Pool.Pages.AvailableFrames, WakeUps, hoard.Counts), Is.EqualTo(((long)Low, 0L, 0)), "at the mark nothing happens");

        Take(hoard, 2);
        Assert.That((WakeUps, Looks), Is.EqualTo((1L, 1L)));
        Assert.That(Pool.Pages.AvailableFrames, Is.InRange(High, Frames / 4), "and not much more");
        Assert.That(Pool.Snapshot().Reclaim.DirectReclaims, Is.Zero);
        Take(hoard, (int)Pool.Pages.AvailableFrames - Low);
        Assert.That(WakeUps, Is.EqualTo(1));
        Take(hoard, 2);
        Assert.That(WakeUps, Is.EqualTo(2), "ready to be woken again");
        hoard.Drop();
    }

    [Test]
    public void Threads_stacks_and_empty_slabs_go_before_anything_is_shrunk()
    {
        var cache = Pool.CreateByteCache("blocks", 4096, new SlabCacheOptions { EmptySlabsKept = 100, ThreadCacheCapacity = 100 });
        var objects = new SlabHandle[256];
        Assert.That(cache.TryRentMany(objects), Is.EqualTo(256));
        cache.ReturnMany(objects);
        var hoard = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        Take(hoard, (int)Pool.Pages.AvailableFrames - Low + 2);
        Assert.That((WakeUps, hoard.Counts), Is.EqualTo((1L, 0)));
        Assert.That(Pool.Pages.AvailableFrames, Is.EqualTo(256 + Low - 2));
        Assert.That(cache.Statistics().TotalSlabs, Is.Zero);
        hoard.Drop();
    }

    [Test]
    public void Where_nothing_can_be_freed_it_is_woken_once_an_interval()
    {
        var hoard = new HoardingShrinker(Pool);
        Take(hoard, Frames - Low + 30);
        Assert.That((WakeUps, Looks), Is.EqualTo((1L, 1L)));
        Time.Advance(s_interval);
        Assert.That((WakeUps, Looks), Is.EqualTo((1L, 2L)));
        Take(hoard, 20);
        Assert.That((WakeUps, Looks), Is.EqualTo((2L, 3L)));
        hoard.Drop();
    }

    [Test]
    public void A_wake_up_that_throws_is_reported_and_the_next_interval_begins_anew()
    {
        Pressure.Reading = () => throw new InvalidTimeZoneException("planted");
        var hoard = new HoardingShrinker(Pool);
        Take(hoard, Frames - Low + 2);
        Assert.That(Pool.Snapshot().Reclaim.LooksFailed, Is.EqualTo(1));
        Pressure.Reading = null;
        Time.Advance(s_interval);
        Take(hoard, 2);
        Assert.That(WakeUps, Is.EqualTo(2));
        hoard.Drop();
    }

    [Test]
    public void Hazard36_a_wake_up_in_the_middle_of_a_look_is_served_when_that_is_over()
    {
        var hoard = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        Pressure.Reading = () =>
        {
            Pressure.Reading = null;
            Take(hoard, Frames - Low + 2);
        };
        Time.Advance(s_interval);
        Assert.That((WakeUps, Looks), Is.EqualTo((1L, 2L)));
        Assert.That(Pool.Pages.AvailableFrames, Is.GreaterThanOrEqualTo(High));
        hoard.Drop();
    }

    [Test]
    public void The_reserve_is_for_shrinkers_while_they_shrink_and_for_a_last_attempt()
    {
        var own = new List<FolioHandle>();
        var stubborn = new LyingShrinker(1, 0);
        using var registration = Pool.RegisterShrinker("stubborn", stubborn);
        var hoard = new HoardingShrinker(Pool);
        Take(hoard, Frames - Min);
        Assert.That(Pool.Snapshot().Reclaim.DirectReclaims, Is.Zero);

        stubborn.Scanning = () =>
        {
            while (Pool.Folios.TryRent(s_pair, out var folio))
                own.Add(folio);
        };
        Assert.That(Pool.Folios.TryRent(s_pair, out _), Is.False, "the shrinker took the reserve, and freed nothing");
        Assert.That(own, Has.Count.EqualTo(Min / 2));
        own.ForEach(folio => Pool.Folios.Return(folio));
        stubborn.Scanning = null;
        Take(hoard, Min);
        Assert.That(Pool.Pages.AvailableFrames, Is.Zero, "what no shrinker needs is anybody's at last: the capacity can be used up");
        Assert.That(Pool.Snapshot().Reclaim.DirectReclaims, Is.EqualTo(1 + (Min / 2)));
        hoard.Drop();
    }

    [Test]
    public void Without_a_shrinker_there_is_no_reserve_and_nothing_is_tried_before_the_end()
    {
        var hoard = new HoardingShrinker(Pool);
        Take(hoard, Frames);
        Assert.That((Pool.Pages.HasReserve, Pool.Snapshot().Reclaim.DirectReclaims), Is.EqualTo((false, 0L)));
        Pool.RegisterShrinker("brief", new LyingShrinker(0, 0)).Dispose();
        Assert.That(Pool.Pages.HasReserve, Is.False);
        hoard.Drop();
    }

    [Test]
    public void Large_blocks_and_slabs_keep_to_the_marks_too()
    {
        var hoard = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        using var cache = Pool.CreateByteCache("blocks", 1 << 16, new SlabCacheOptions { SlabOrder = 4, ThreadCacheCapacity = 0 });
        var kept = new List<SlabHandle>();
        for (var i = 0; i < Frames / 64; i++)
        {
            hoard.Keep(Pool.Folios.Rent(new PageOrder(5)));
            kept.Add(cache.Rent());
            kept.Add(cache.Rent());
        }

        Assert.That(WakeUps, Is.Positive);
        kept.ForEach(handle => cache.Return(handle));
        hoard.Drop();
    }

    [Test]
    public void When_the_system_is_short_shrinkers_give_a_part_at_each_look()
    {
        var hoard = new HoardingShrinker(Pool);
        using var registration = Pool.RegisterShrinker("hoard", hoard);
        Take(hoard, 800);
        Pressure.Signs = MemoryPressureSigns.ControlGroup;
        Time.Advance(s_interval);
        Assert.That(hoard.Held, Is.EqualTo(300));
        Assert.That(Pool.Snapshot().Pages.DiscardedBytes, Is.GreaterThanOrEqualTo(200 * 4096));
        Pressure.Signs = MemoryPressureSigns.None;
        Time.Advance(s_interval);
        Assert.That(hoard.Held, Is.EqualTo(300));
        hoard.Drop();
    }

    [Test]
    public void Turned_off_nobody_is_woken([Values] bool byTheInterval)
    {
        using var pool = new PoolRuntime(byTheInterval ? Options with { TrimInterval = Timeout.InfiniteTimeSpan } : Options with { MinWatermark = 0, LowWatermark = 0 });
        var hoard = new HoardingShrinker(pool).Hoard();
        Assert.That(hoard.Held, Is.EqualTo(Frames));
        Assert.That((pool.Snapshot().Reclaim.WakeUps, pool.Snapshot().Reclaim.Looks), Is.EqualTo((0L, 0L)));
        hoard.Drop();
    }

    [Test]
    public void After_the_end_nobody_is_woken()
    {
        var hoard = new HoardingShrinker(Pool);
        Take(hoard, Frames - Low);
        Pool.Dispose();
        Assert.That(Pool.Folios.TryRent(s_pair, out _), Is.False);
        Assert.That(WakeUps, Is.Zero);
        hoard.Drop();
    }

    private long WakeUps => Pool.Snapshot().Reclaim.WakeUps;

    private long Looks => Pool.Snapshot().Reclaim.Looks;

    private void Take(HoardingShrinker hoard, int frames)
    {
        for (var i = 0; i < frames; i += 2)
            hoard.Keep(Pool.Folios.Rent(s_pair));
    }
}
