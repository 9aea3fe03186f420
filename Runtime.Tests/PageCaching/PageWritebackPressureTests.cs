using FolioRuntime.Folios;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Dirty pages give way when memory is short: they are written first, in the background, however few they are.</summary>
[TestFixture]
public sealed class PageWritebackPressureTests : PageCacheFixture
{
    private const int Frames = 256;

    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

    protected override PoolRuntimeOptions Options => base.Options with
    {
        CapacityBytes = Frames * PageBytes,
        ReservationBytes = Frames * PageBytes,
        ThreadPageCapacity = 0,
        MaxOrder = 4,
        MinWatermark = 0,
        LowWatermark = 0,
        HighWatermark = 0,
    };

    [Test]
    public void Slabs_get_the_memory_of_dirty_pages()
    {
        var store = new TestStore(Frames * PageBytes);
        var cache = Create(Frames, longestWait: s_long);
        using var mapping = cache.Open(store);
        var pages = FillWithDirty(mapping);
        using var objects = Pool.CreateByteCache("objects", 2048);
        var handles = new SlabHandle[Frames];
        for (var i = 0; i < handles.Length; i++)
            handles[i] = objects.Rent();
        Assert.That(cache.Statistics.WrittenForMemory, Is.Positive);
        Assert.That(cache.Statistics.PagesInUse, Is.LessThan(pages));
        foreach (var handle in handles)
            objects.Return(handle);
        RequireWritten(mapping, store, pages);
    }

    [Test]
    public void Without_waiting_they_get_it_the_next_time()
    {
        var store = new TestStore(Frames * PageBytes);
        var cache = Create(Frames);
        using var mapping = cache.Open(store);
        var pages = FillWithDirty(mapping);
        Pool.Folios.TryRent(new PageOrder(4), out var last);
        Assert.That(last.IsValid, Is.False);
        Assert.That(store.Writes, Is.Zero, "nobody writes in the middle of an allocation");
        Assert.That(RunQueued(), Is.EqualTo(1), "but once it is asked for");
        Assert.That(cache.Statistics.WrittenForMemory, Is.InRange(1, pages));
        Assert.That(Pool.Folios.TryRent(new PageOrder(0), out last), Is.True);
        Pool.Folios.Return(last);
        RequireWritten(mapping, store, pages);
    }

    [Test]
    public void A_miss_that_finds_only_dirty_pages_has_some_written()
    {
        var store = new TestStore(10 * PageBytes);
        var cache = Create(4);
        using var mapping = cache.Open(store);
        for (var page = 0; page < 4; page++)
            mapping.Write(page * PageBytes, [1]);
        var read = new byte[16];
        mapping.Read(8 * PageBytes, read);
        RequireContent(read, 8 * PageBytes);
        Assert.That((cache.Statistics.FillsNotCached, store.Writes), Is.EqualTo((1L, 0)), "it doesn't wait");
        Assert.That(RunQueued(), Is.EqualTo(1));
        Assert.That((cache.Statistics.WrittenForMemory, cache.Statistics.DirtyPages), Is.EqualTo((4L, 0L)));
        mapping.Read(8 * PageBytes, read);
        Assert.That(cache.Statistics.FillsNotCached, Is.EqualTo(1), "the next one is kept");
    }

    [Test]
    public void Where_pages_are_held_and_none_is_dirty_nobody_is_asked()
    {
        var cache = Create(2);
        using var mapping = cache.Open(new TestStore(10 * PageBytes));
        var first = mapping.GetFolio(0);
        var second = mapping.GetFolio(1);
        mapping.Read(8 * PageBytes, new byte[16]);
        Assert.That(RunQueued(), Is.Zero);
        first.Dispose();
        second.Dispose();
    }

    [Test]
    public void A_store_that_fails_gives_the_memory_all_the_same_and_whoever_flushes_is_told()
    {
        var store = new TestStore(Frames * PageBytes) { WriteFailure = new IOException("no disk") };
        var cache = Create(Frames, longestWait: s_long);
        using var mapping = cache.Open(store);
        FillWithDirty(mapping);
        Assert.That(Pool.Folios.TryRent(new PageOrder(0), out var folio), Is.True);
        Pool.Folios.Return(folio);
        Assert.That(cache.Statistics.WritesFailed, Is.Positive);
        store.WriteFailure = null;
        Assert.That(mapping.Flush, Throws.TypeOf<IOException>().With.InnerException.Message.EqualTo("no disk"));
    }

    [Test]
    public void A_store_that_hangs_keeps_nobody_waiting_for_long()
    {
        using var goesOn = new ManualResetEventSlim();
        var store = new TestStore(Frames * PageBytes) { OnWrite = _ => goesOn.Wait() };
        var cache = Create(Frames, longestWait: TimeSpan.FromMilliseconds(1));
        using var mapping = cache.Open(store);
        var pages = FillWithDirty(mapping);
        Assert.That(Pool.Folios.TryRent(new PageOrder(0), out _), Is.False);
        Assert.That(cache.Writeback.Flusher.WaitForProgress(), Is.False, "nor does the next one, at all");
        store.OnWrite = null;
        goesOn.Set();
        FolioHandle folio = default;
        Assert.That(SpinWait.SpinUntil(() => Pool.Folios.TryRent(new PageOrder(0), out folio), s_long), Is.True, "when it has come back it gives");
        Pool.Folios.Return(folio);
        RequireWritten(mapping, store, pages);
    }

    /// <summary>A store that needs memory of the runtime while it writes: it would wait for itself.</summary>
    [Test]
    public void Who_is_in_the_store_does_not_wait_for_it()
    {
        var store = new TestStore(Frames * PageBytes);
        var cache = Create(Frames, longestWait: Timeout.InfiniteTimeSpan);
        using var mapping = cache.Open(store);
        var pages = FillWithDirty(mapping);
        var refused = 0;
        store.OnWrite = _ =>
        {
            if (Pool.Folios.TryRent(new PageOrder(0), out var folio))
                Pool.Folios.Return(folio);
            else
                refused++;
        };
        mapping.Flush();
        Assert.That(refused, Is.Positive, "there was no memory, and nobody waited for it");
        RequireWritten(mapping, store, pages);
    }

    [Test]
    public void The_end_of_the_cache_ends_the_waiting()
    {
        using var hangs = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var store = new TestStore(Frames * PageBytes);
        var cache = Create(Frames, longestWait: Timeout.InfiniteTimeSpan);
        var mapping = cache.Open(store);
        FillWithDirty(mapping);
        store.OnWrite = _ =>
        {
            hangs.Set();
            goesOn.Wait();
        };
        using var isOver = new ManualResetEventSlim();
        using (new OtherThread(
            () =>
            {
                if (Pool.Folios.TryRent(new PageOrder(0), out var folio))
                    Pool.Folios.Return(folio);
                isOver.Set();
            },
            join: false))
        {
            hangs.Wait();
            using (new OtherThread(cache.Dispose, join: false))
            {
                Assert.That(isOver.Wait(s_long), Is.True, "although the store still hangs");
                goesOn.Set();
            }
        }

        Assert.That(store.Disposals, Is.EqualTo(1));
    }

    /// <summary>Some write, some take memory, the cache goes and comes: nobody is stuck, nothing is lost.</summary>
    [Test]
    public void Threads_that_write_and_threads_that_need_memory_get_on()
    {
        var store = new TestStore(Frames * PageBytes);
        var cache = Create(Frames, longestWait: s_long);
        using var mapping = cache.Open(store);
        using var objects = Pool.CreateByteCache("objects", 2048);
        var written = new byte[2][];
        TestThreads.Run(4, thread =>
        {
            var random = new Random(thread);
            for (var turn = 0; turn < 400; turn++)
            {
                if (thread < 2)
                {
                    // Each its own half.
                    written[thread] ??= new byte[Frames / 2];
                    var page = random.Next(Frames / 2);
                    try
                    {
                        mapping.Write(((thread * Frames / 2) + page) * PageBytes, [written[thread][page] = (byte)(1 + random.Next(255))]);
                    }
                    catch (OutOfMemoryException)
                    {
                        written[thread][page] = 0;
                    }

                    continue;
                }

                var handles = new SlabHandle[40];
                foreach (var handle in handles[..objects.TryRentMany(handles)])
                    objects.Return(handle);
            }
        });
        mapping.Flush();
        var stored = store.ToArray();
        for (var page = 0; page < Frames; page++)
        {
            if (written[page / (Frames / 2)][page % (Frames / 2)] is var value && value != 0)
                Assert.That(stored[page * PageBytes], Is.EqualTo(value));
        }
    }

    /// <summary>Makes pages dirty until the runtime has no frame left.</summary>
    /// <returns>How many.</returns>
    private int FillWithDirty(PageMapping mapping)
    {
        for (var page = 0; page < Frames; page++)
            mapping.Write(page * PageBytes, [(byte)(page + 1)]);
        Assert.That(mapping.Cache.Statistics.DirtyPages, Is.EqualTo(Frames));
        return Frames;
    }

    private static void RequireWritten(PageMapping mapping, TestStore store, int pages)
    {
        mapping.Flush();
        var stored = store.ToArray();
        for (var page = 0; page < pages; page++)
            Assert.That(stored[page * PageBytes], Is.EqualTo((byte)(page + 1)));
    }
}
