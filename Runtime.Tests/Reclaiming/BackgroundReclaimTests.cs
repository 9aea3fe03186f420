using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>The runtime gives memory back without being asked, at the ticks of a clock that the tests turn.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class BackgroundReclaimTests(int generationBits) : ReclaimFixture(generationBits)
{
    private const int Objects = 4000;

    [Test]
    public void What_nobody_uses_any_more_goes_back_by_itself()
    {
        FillAndEmpty(Pool.CreateByteCache("blocks", 4096));
        Tick(5);
        var now = Pool.Snapshot();
        Assert.That(now.Pages.AllocatedFrames, Is.Zero, "not even an empty slab is kept");
        Assert.That(now.Pages.CachedFrames, Is.Zero);
        Assert.That(now.Pages.DiscardedBytes, Is.GreaterThanOrEqualTo(Objects * 4096L));
        Assert.That((now.Reclaim.Looks, now.Reclaim.LooksUnderPressure, now.Reclaim.LooksFailed), Is.EqualTo((5L, 0L, 0L)));
        Assert.That(now.Reclaim.BytesGivenBack, Is.InRange(Objects * 4096L, now.Pages.DiscardedBytes));
        Assert.That(now.ToString(), Does.Contain("reclaim: 5 looks, 0 under pressure, 0 wake-ups, "));
        Assert.That(Pool.Trim(), Is.Zero, "all of it");
    }

    [Test]
    public void Nothing_happens_before_the_interval_is_over()
    {
        Time.Advance(s_interval - TimeSpan.FromMilliseconds(1));
        Assert.That(Pool.Snapshot().Reclaim.Looks, Is.Zero);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(Pool.Snapshot().Reclaim.Looks, Is.EqualTo(1));
    }

    [Test]
    public void What_is_out_stays()
    {
        var cache = Pool.CreateCache<long>("nodes");
        var handles = Enumerable.Range(0, 1000).Select(_ => cache.Rent()).ToArray();
        foreach (var handle in handles)
            cache.ValueOf(handle) = handle.GetHashCode();
        foreach (var handle in handles.Where((_, at) => at % 3 != 0))
            cache.Return(handle);
        Tick(6);
        foreach (var handle in handles.Where((_, at) => at % 3 == 0))
        {
            Assert.That(cache.ValueOf(handle), Is.EqualTo(handle.GetHashCode()));
            cache.Return(handle);
        }

        Assert.That(Violations, Is.Empty);
    }

    [TestCase((int)MemoryPressureSigns.Collector)]
    [TestCase((int)MemoryPressureSigns.ControlGroup)]
    [TestCase((int)MemoryPressureSigns.Stall)]
    public void When_memory_is_short_everything_goes_at_once(int sign)
    {
        FillAndEmpty(Pool.CreateByteCache("blocks", 4096));
        Pressure.Signs = (MemoryPressureSigns)sign;
        Tick(1);
        var now = Pool.Snapshot();
        Assert.That(now.Pages.AllocatedFrames, Is.Zero);
        Assert.That(now.Reclaim.BytesGivenBack, Is.GreaterThanOrEqualTo(Objects * 4096L));
        Assert.That(now.Reclaim.LooksUnderPressure, Is.EqualTo(1));
        Pressure.Signs = MemoryPressureSigns.None;
        Tick(1);
        Assert.That(Pool.Snapshot().Reclaim.LooksUnderPressure, Is.EqualTo(1), "and is over when it is over");
    }

    [Test]
    public void A_look_that_throws_is_reported_and_the_next_one_tries_again()
    {
        FillAndEmpty(Pool.CreateByteCache("blocks", 4096));
        Pressure.Reading = () => throw new InvalidTimeZoneException("planted");
        Tick(2);
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.ReclaimFailed, ViolationKind.ReclaimFailed }));
        Assert.That(Violations[0].Exception, Is.TypeOf<InvalidTimeZoneException>());
        Assert.That(Pool.Snapshot().Reclaim.LooksFailed, Is.EqualTo(2));
        Pressure.Reading = null;
        Tick(5);
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(Pool.ViolationCount(ViolationKind.ReclaimFailed), Is.EqualTo(2));
    }

    [Test]
    public void Disposing_the_runtime_stops_it()
    {
        Tick(1);
        Pool.Dispose();
        Tick(3);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(Pool.Snapshot().Reclaim.Looks, Is.EqualTo(1));
        Assert.That(Pressure.Reads, Is.EqualTo(1));
    }

    [Test]
    public void A_look_that_disposes_the_runtime_ends_well()
    {
        FillAndEmpty(Pool.CreateByteCache("blocks", 4096));
        Pressure.Signs = MemoryPressureSigns.Collector;
        Pressure.Reading = Pool.Dispose;
        Tick(3);
        Assert.That(Pressure.Reads, Is.EqualTo(1));
        Assert.That(Violations, Is.Empty);
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void After_a_full_collection_it_looks_early_and_trims_only_under_pressure()
    {
        var cache = Pool.CreateByteCache("blocks", 4096);
        FillAndEmpty(cache);
        Time.Advance(s_interval / 2);
        Collect();
        Assert.That(Pool.Snapshot().Reclaim.Looks, Is.EqualTo(1));
        Assert.That(cache.Statistics().CachedObjects, Is.Positive, "the interval is not over");
        Collect();
        Assert.That(Pool.Snapshot().Reclaim.Looks, Is.EqualTo(1), "one look was just now");

        Pressure.Signs = MemoryPressureSigns.Collector;
        Time.Advance(s_interval / 4);
        Collect();
        Assert.That(Pool.Snapshot().Reclaim.LooksUnderPressure, Is.EqualTo(1));
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);

        Pressure.Signs = MemoryPressureSigns.None;
        Time.Advance(s_interval / 4);
        Assert.That(Pool.Snapshot().Reclaim.Looks, Is.EqualTo(3), "the interval ends when it would have");
    }

    [Test]
    public void Looks_dont_overlap()
    {
        var (inside, most) = (0, 0);
        Pressure.Reading = () =>
        {
            most = Math.Max(most, ++inside);
            Time.Advance(2 * s_interval);
            Collect();
            inside--;
        };
        Tick(3);
        Assert.That(most, Is.EqualTo(1));
        Assert.That(Pressure.Reads, Is.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void It_keeps_no_runtime_alive()
    {
        var pressure = new FakePressure();
        var abandoned = Abandon(base.Options with { TrimInterval = s_interval, TimeProvider = Time, MemoryPressure = pressure });
        Collect();
        Assert.That(abandoned.IsAlive, Is.False, "only the timer knew it");
        var reads = pressure.Reads;
        Tick(3);
        Assert.That(pressure.Reads, Is.EqualTo(reads), "and the timer has ended with it");
    }

    [Test]
    public void Turned_off_it_does_nothing()
    {
        var pressure = new FakePressure { Signs = MemoryPressureSigns.Stall };
        using var pool = new PoolRuntime(base.Options with { TrimInterval = Timeout.InfiniteTimeSpan, TimeProvider = Time, MemoryPressure = pressure });
        Tick(3);
        Collect();
        Assert.That(pressure.Reads, Is.Zero);
        Assert.That(pool.Snapshot().Reclaim.Looks, Is.Zero);
    }

    [Test]
    public void An_idle_trim_that_races_dispose_loses_nothing([Range(1, 20)] int seed)
    {
        var pool = new PoolRuntime(base.Options);
        var failed = 0;
        pool.ViolationDetected += _ => Interlocked.Increment(ref failed);
        FillAndEmpty(pool.CreateByteCache("blocks", 4096));
        using (new OtherThread(
            () =>
            {
                // What a tick does. Not by the fake clock: it isn't made for a timer that is disposed while it fires.
                for (var i = 0; i < 5; i++)
                    pool.Trim(TrimLevel.Idle);
            },
            join: false))
        {
            Thread.SpinWait(seed * 500);
            pool.Dispose();
        }

        Assert.That(failed, Is.Zero);
        Assert.That(pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(pool.Pages.FreeFrames + pool.Pages.RetiredFrames, Is.EqualTo(pool.Pages.CommittedFrames), "L8");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Abandon(PoolRuntimeOptions options)
    {
        var pool = new PoolRuntime(options);
        var cache = pool.CreateCache<long>("nodes");
        cache.Return(cache.Rent());
        return new WeakReference(pool);
    }

    private static void FillAndEmpty(SlabCache cache)
    {
        var handles = new SlabHandle[Objects];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(Objects));
        cache.ReturnMany(handles);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private void Tick(int times)
    {
        for (var i = 0; i < times; i++)
            Time.Advance(s_interval);
    }
}
