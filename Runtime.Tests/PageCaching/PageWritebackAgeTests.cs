using System.Runtime.CompilerServices;
using FolioRuntime.PageCaching;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>What is dirty for too long is written without anybody flushing, at the ticks of a clock that the tests turn.</summary>
[TestFixture]
public sealed class PageWritebackAgeTests : PageCacheFixture
{
    private static readonly TimeSpan s_expire = TimeSpan.FromSeconds(30);

    private Clock Time { get; set; } = null!;

    protected override PoolRuntimeOptions Options => base.Options with { TimeProvider = Time = new Clock() };

    [Test]
    public void What_is_dirty_for_too_long_is_written_and_not_before()
    {
        var store = new TestStore(4 * PageBytes);
        var cache = Create(8, expire: s_expire);
        using var mapping = cache.Open(store);
        mapping.Write(0, [1]);
        mapping.Write(2 * PageBytes, [2]);
        Advance(29.9);
        Assert.That(store.Writes, Is.Zero);
        Advance(0.1);
        Assert.That((store.ToArray()[0], store.ToArray()[2 * PageBytes]), Is.EqualTo(((byte)1, (byte)2)));
        Assert.That((cache.Statistics.DirtyPages, cache.Statistics.PagesWritten, cache.Statistics.WrittenByAge), Is.EqualTo((0L, 2L, 2L)));
        Assert.That(store.Flushes, Is.Zero, "written, and no more than that");
    }

    [Test]
    public void A_mapping_is_as_old_as_its_oldest_page()
    {
        var (first, second) = (new TestStore(4 * PageBytes), new TestStore(4 * PageBytes));
        var cache = Create(8, expire: s_expire);
        using var early = cache.Open(first);
        using var late = cache.Open(second);
        early.Write(0, [1]);
        Advance(20);
        early.Write(PageBytes, [1]);
        late.Write(0, [1]);
        Advance(10);
        Assert.That((cache.Statistics.PagesWritten, second.Writes), Is.EqualTo((2L, 0)), "all of the one, and none of the other");
        Advance(19.9);
        Assert.That(second.Writes, Is.Zero);
        Advance(0.1);
        Assert.That(second.Writes, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_was_written_meanwhile_begins_anew(bool byFlush)
    {
        var store = new TestStore(4 * PageBytes);
        var cache = Create(8, expire: s_expire);
        using var mapping = cache.Open(store);
        mapping.Write(0, [1]);
        Advance(10);
        if (byFlush)
            mapping.Flush();
        else
            mapping.Truncate(0);
        var writes = store.Writes;
        Advance(5);
        mapping.Write(0, [2]);
        Advance(29.9);
        Assert.That(store.Writes, Is.EqualTo(writes));
        Advance(0.1);
        Assert.That(store.Writes, Is.EqualTo(writes + 1));
    }

    /// <summary>The page that becomes dirty while its mapping is being written is younger than the rest.</summary>
    [Test]
    public void What_becomes_dirty_while_the_rest_is_written_has_its_own_age()
    {
        var store = new TestStore(4 * PageBytes);
        var cache = Create(8, expire: s_expire);
        using var mapping = cache.Open(store);
        store.OnWrite = _ =>
        {
            store.OnWrite = null;
            mapping.Write(0, [2]);
        };
        mapping.Write(PageBytes, [1]);
        Advance(30);
        Assert.That((store.Writes, cache.Statistics.DirtyPages), Is.EqualTo((1, 1L)));
        Advance(29.9);
        Assert.That(store.Writes, Is.EqualTo(1));
        Advance(0.1);
        Assert.That((store.Writes, cache.Statistics.DirtyPages), Is.EqualTo((2, 0L)));
    }

    [Test]
    public void Mappings_that_become_too_old_one_after_the_other_are_written_at_most_a_sixth_later()
    {
        var stores = Enumerable.Range(0, 5).Select(file => new TestStore(PageBytes, file)).ToArray();
        var cache = Create(8, expire: s_expire);
        foreach (var store in stores)
        {
            cache.Open(store).Write(0, [1]);
            Advance(1);
        }

        Advance(25);
        Assert.That(stores.Count(store => store.Writes > 0), Is.EqualTo(1));
        Advance(4.9);
        Assert.That(stores.Count(store => store.Writes > 0), Is.EqualTo(1), "the timer has just fired");
        Advance(0.1);
        Assert.That(stores.Count(store => store.Writes > 0), Is.EqualTo(5));
    }

    [Test]
    public void A_cache_has_one_timer_and_none_where_nothing_is_too_old()
    {
        var timers = Time.Timers;
        var never = Create(8);
        Assert.That(Time.Timers, Is.EqualTo(timers));
        var cache = Create(8, expire: s_expire);
        var stores = Enumerable.Range(0, 5).Select(file => new TestStore(PageBytes, file)).ToArray();
        foreach (var store in stores)
            cache.Open(store).Write(0, [1]);
        never.Open(new TestStore(PageBytes)).Write(0, [1]);
        Assert.That(Time.Timers, Is.EqualTo(timers + 1));
        Advance(3600);
        Assert.That((cache.Statistics.DirtyPages, never.Statistics.DirtyPages), Is.EqualTo((0L, 1L)));
    }

    [Test]
    public void While_nothing_is_dirty_the_timer_stands_still()
    {
        var cache = Create(8, expire: s_expire);
        using var mapping = cache.Open(new TestStore(PageBytes));
        mapping.Read(0, new byte[1]);
        Assert.That(Time.Changes, Is.Zero);
        mapping.Write(0, [1]);
        mapping.Write(0, [2]);
        Assert.That(Time.Changes, Is.EqualTo(1));
        Advance(3600);
        Assert.That(Time.Changes, Is.EqualTo(1), "it isn't set again");
        mapping.Write(0, [1]);
        Assert.That(Time.Changes, Is.EqualTo(2));
    }

    [Test]
    public void An_error_is_told_at_the_next_flush()
    {
        var store = new TestStore(PageBytes) { WriteFailure = new IOException("no disk") };
        var cache = Create(8, expire: s_expire);
        using var mapping = cache.Open(store);
        mapping.Write(0, [1]);
        Advance(30);
        Assert.That((cache.Statistics.DirtyPages, cache.Statistics.WritesFailed), Is.EqualTo((0L, 1L)));
        store.WriteFailure = null;
        Assert.That(mapping.Flush, Throws.TypeOf<IOException>().With.InnerException.Message.EqualTo("no disk"));
        mapping.Write(0, [2]);
        Advance(30);
        Assert.That(store.ToArray()[0], Is.EqualTo(2), "and it goes on");
    }

    /// <summary>The store of one mapping hangs in the background: others are flushed, and the cache is disposed, when it comes back.</summary>
    [Test]
    public void A_store_that_hangs_keeps_nobody_else_from_flushing()
    {
        using var hangs = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var (hanging, other) = (new TestStore(PageBytes), new TestStore(PageBytes));
        var cache = Create(8, expire: s_expire);
        var (first, second) = (cache.Open(hanging), cache.Open(other));
        hanging.OnWrite = _ =>
        {
            hangs.Set();
            goesOn.Wait();
        };
        first.Write(0, [1]);
        second.Write(0, [1]);
        using (new OtherThread(() => Advance(30), join: false))
        {
            hangs.Wait();
            second.Flush();
            Assert.That(other.ToArray()[0], Is.EqualTo(1));
            second.Write(0, [2]);
            using (new OtherThread(cache.Dispose, join: false))
            {
                Assert.That(SpinWait.SpinUntil(() => cache.IsDisposed, TimeSpan.FromSeconds(60)), Is.True);
                goesOn.Set();
            }
        }

        Assert.That((hanging.ToArray()[0], other.ToArray()[0]), Is.EqualTo(((byte)1, (byte)2)), "all is written in the end");
        Advance(60);
        Assert.That((hanging.Disposals, other.Disposals, hanging.Writes), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public void After_the_end_nothing_comes_any_more()
    {
        var store = new TestStore(PageBytes);
        var cache = Create(8, expire: s_expire);
        cache.Open(store).Write(0, [1]);
        cache.Dispose();
        var (writes, changes) = (store.Writes, Time.Changes);
        Advance(3600);
        Assert.That((store.Writes, Time.Changes), Is.EqualTo((writes, changes)));
    }

    [Test]
    public void It_keeps_no_cache_alive()
    {
        var store = new TestStore(PageBytes);
        var time = new Clock();
        var abandoned = Abandon(base.Options with { TimeProvider = time }, store);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(abandoned.Select(part => part.IsAlive), Is.All.False, "only the timer knew them");
        time.Advance(s_expire);
        Assert.That(store.Writes, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(9)]
    [TestCase(-2)]
    [TestCase(86_400_001)]
    public void Other_ages_are_refused(int milliseconds) =>
        Assert.That(() => Create(8, expire: TimeSpan.FromMilliseconds(milliseconds)), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(nameof(PageCacheOptions.DirtyExpire)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Abandon(PoolRuntimeOptions options, TestStore store)
    {
        var cache = new PoolRuntime(options).CreatePageCache(new PageCacheOptions { CapacityPages = 8, DirtyBackgroundPercent = 100, DirtyPercent = 100 });
        var mapping = cache.Open(store);
        mapping.Write(0, [1]);
        return [new(cache), new(mapping)];
    }

    // In steps: whoever is woken sees the time at the end of one.
    private void Advance(double seconds)
    {
        for (; seconds > 1; seconds--)
            Time.Advance(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)));
    }

    /// <summary>Counts timers, and how often one is set.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        private int _timers;
        private int _changes;

        public int Timers => Volatile.Read(ref _timers);

        public int Changes => Volatile.Read(ref _changes);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _timers);
            return new Counted(this, base.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class Counted(Clock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Interlocked.Increment(ref clock._changes);
                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
