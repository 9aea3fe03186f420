using FolioRuntime.PageCaching;
using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Who writes dirty pages and when, who is told of errors, and all of it at once.</summary>
[TestFixture]
public sealed class PageCacheWritebackTests : PageCacheFixture
{
    [Test]
    public void Past_the_limit_the_writer_writes_itself()
    {
        var store = new TestStore(100 * PageBytes);
        var cache = Create(50, backgroundPercent: 20, dirtyPercent: 20);
        using var mapping = cache.Open(store);
        var writers = new HashSet<int>();
        store.OnWrite = _ =>
        {
            lock (writers)
                writers.Add(Environment.CurrentManagedThreadId);
        };
        for (var page = 0; page < 100; page++)
        {
            mapping.Write(page * PageBytes, [1]);
            Assert.That(cache.Statistics.DirtyPages, Is.LessThanOrEqualTo(10));
        }

        Assert.That(writers, Has.Member(Environment.CurrentManagedThreadId));
    }

    [Test]
    public async Task Past_the_limit_who_writes_to_a_dirty_page_again_writes_nothing_else()
    {
        var store = new TestStore(10 * PageBytes);
        var cache = Create(10, backgroundPercent: 30, dirtyPercent: 30);
        using var mapping = cache.Open(store);
        for (var page = 0; page < 3; page++)
            mapping.Write(page * PageBytes, [1]);
        var writes = store.Writes;
        mapping.Write(PageBytes, [2]);
        await mapping.WriteAsync(2 * PageBytes, new byte[] { 2 });
        Assert.That((store.Writes, cache.Statistics.DirtyPages), Is.EqualTo((writes, 3L)));
        mapping.Write(5 * PageBytes, [1]);
        Assert.That(store.Writes, Is.GreaterThan(writes), "another page");
    }

    [Test]
    public void Below_it_the_background_does_and_the_writer_does_not()
    {
        var store = new TestStore(100 * PageBytes);
        var cache = Create(50, backgroundPercent: 10, dirtyPercent: 100);
        using var mapping = cache.Open(store);
        using var isWritten = new ManualResetEventSlim();
        var thread = 0;
        store.OnWrite = _ =>
        {
            Volatile.Write(ref thread, Environment.CurrentManagedThreadId);
            isWritten.Set();
        };
        for (var page = 0; page < 6; page++)
        {
            Assert.That(store.Writes, Is.Zero);
            mapping.Write(2 * page * PageBytes, [1]);
        }

        Assert.That(isWritten.Wait(TimeSpan.FromSeconds(60)), Is.True);
        Assert.That(Volatile.Read(ref thread), Is.Not.EqualTo(Environment.CurrentManagedThreadId));
        mapping.Flush();
        Assert.That(cache.Statistics.PagesWritten, Is.EqualTo(6));
    }

    [Test]
    public void One_who_needs_room_writes_pages_of_others_too()
    {
        var (first, second) = (new TestStore(10 * PageBytes), new TestStore(10 * PageBytes));
        var cache = Create(10, backgroundPercent: 20, dirtyPercent: 20);
        using var writer = cache.Open(first);
        using var other = cache.Open(second);
        for (var page = 0; page < 2; page++)
            other.Write(page * PageBytes, [1]);
        writer.Write(0, [1]);
        Assert.That(second.Writes, Is.Positive);
        Assert.That(cache.Statistics.DirtyPages, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Each_opener_is_told_of_an_error_once_and_the_page_is_dirty_no_more()
    {
        var store = new TestStore(PageBytes) { WriteFailure = new IOException("disk full") };
        var cache = Create(4);
        using var mapping = cache.Open(store);
        var opener = mapping.AddOpener();
        mapping.Write(0, [1]);
        Assert.That(opener.Flush, Throws.TypeOf<IOException>().With.Message.Contains("disk full").And.InnerException.SameAs(store.WriteFailure));
        Assert.That((cache.Statistics.DirtyPages, cache.Statistics.WritesFailed), Is.EqualTo((0L, 1L)));
        store.WriteFailure = null;
        Assert.That(mapping.Flush, Throws.TypeOf<IOException>(), "the mapping's own");
        Assert.That(opener.Flush, Throws.Nothing);
        Assert.That(mapping.Flush, Throws.Nothing);
        mapping.AddOpener().Flush();
        Assert.That(store.ToArray()[0], Is.EqualTo(TestStore.ByteAt(0)), "it is lost, unless");
        mapping.Write(0, [1]);
        mapping.Flush();
        Assert.That(store.ToArray()[0], Is.EqualTo(1), "it is written again");
        Assert.That(opener.Mapping, Is.SameAs(mapping));
    }

    [Test]
    public async Task An_error_in_the_background_is_told_at_the_next_flush()
    {
        var store = new TestStore(10 * PageBytes) { WriteFailure = new IOException("no disk") };
        var cache = Create(10, backgroundPercent: 0);
        using var mapping = cache.Open(store);
        mapping.Write(0, [1]);
        for (var wait = default(SpinWait); cache.Statistics.DirtyPages > 0;)
            wait.SpinOnce();
        store.WriteFailure = null;
        var late = mapping.AddOpener();
        Assert.That(async () => await mapping.FlushAsync(), Throws.TypeOf<IOException>().With.Message.Contains("no disk"));
        Assert.That(async () => await late.FlushAsync(), Throws.TypeOf<IOException>(), "nobody had been told when it came");
        await mapping.FlushAsync();
        await mapping.AddOpener().FlushAsync();
    }

    [Test]
    public void A_flush_that_fails_is_told_too()
    {
        var inner = new MemoryPageStore(PageBytes);
        using var mapping = Create(4).Open(new FaultInjectingPageStore(inner, 1, new PageStoreFaultRule(PageStoreOperations.Flush, PageStoreFault.Fail) { At = 1 }));
        Assert.That(mapping.Flush, Throws.TypeOf<IOException>().With.InnerException.TypeOf<InjectedFaultException>());
        mapping.Flush();
    }

    /// <summary>Threads write, read, flush, cut off and reclaim over a real file, each its own pages; what each finds is what it wrote last, and so does whoever opens the file afterwards.</summary>
    [TestCase(false, 0)]
    [TestCase(true, 0)]
    [TestCase(false, 0.02)]
    [TestCase(true, 0.02)]
    public void Many_threads_write_and_find_what_they_wrote(bool isChecksummed, double faults)
    {
        const int Threads = 4;
        const int PagesEach = 24;
        var folder = Directory.CreateTempSubdirectory("folio-write-");
        try
        {
            var path = Path.Combine(folder.FullName, "file");
            var faulty = new FaultInjectingPageStore(StoreOver(path), 1, new PageStoreFaultRule(PageStoreOperations.Write | PageStoreOperations.Flush, PageStoreFault.Fail) { Rate = faults });
            var cache = Create(40, backgroundPercent: 20, dirtyPercent: 40);
            var mapping = cache.Open(faulty);
            var expected = new byte[Threads * PagesEach * PageBytes];
            mapping.Truncate(expected.Length);
            TestThreads.Run(Threads, thread => Churn(mapping, expected, thread, PagesEach, checkReads: faults == 0));
            faulty.Heal();

            // What was lost by errors is written again, as whoever is told of one does.
            mapping.Write(0, expected);
            var failures = 0;
            for (var i = 0; i < 2; i++)
            {
                try
                {
                    mapping.Flush();
                }
                catch (IOException)
                {
                    failures++;
                }
            }

            Assert.That(failures, Is.LessThanOrEqualTo(faults > 0 ? 1 : 0), "told once, unless it was told before");
            Assert.That(faulty.Faults, faults > 0 ? Is.Positive : Is.Zero);
            mapping.Dispose();
            using var again = StoreOver(path);
            var found = AlignedMemory.Allocate(expected.Length, PageBytes).Span;
            Assert.That(again.Read(found, 0), Is.EqualTo(expected.Length));
            Assert.That(found.SequenceEqual(expected), Is.True);
            Assert.That(Violations, Is.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        IPageStore StoreOver(string path) => isChecksummed ? new ChecksummedPageStore(new FilePageStore(path)) : new FilePageStore(path);
    }

    private static void Churn(PageMapping mapping, byte[] expected, int thread, int pagesEach, bool checkReads)
    {
        var random = new Random(thread);
        var (begin, lengthBytes) = (thread * pagesEach * PageBytes, pagesEach * PageBytes);
        var read = new byte[2 * PageBytes];
        for (var turn = 0; turn < 1500; turn++)
        {
            var offset = begin + random.Next(lengthBytes - 5000);
            var part = expected.AsSpan(offset, random.Next(4) == 0 ? 4096 + random.Next(900) : random.Next(1, 200));
            random.NextBytes(part);
            mapping.Write(offset, part);
            if (turn % 100 == 0)
                Try(mapping.Flush);
            if (turn % 70 == 0)
                mapping.Invalidate(begin, lengthBytes);
            if (turn % 50 == 0)
                mapping.Cache.Reclaim(3);
            if (!checkReads)
                continue;
            offset = begin + random.Next(lengthBytes - read.Length);
            var wanted = read.AsSpan(..(random.Next(2) == 0 ? 64 : read.Length));
            Assert.That(mapping.Read(offset, wanted), Is.EqualTo(wanted.Length));
            Assert.That(wanted.SequenceEqual(expected.AsSpan(offset, wanted.Length)), Is.True);
        }

        static void Try(Action flush)
        {
            try
            {
                flush();
            }
            catch (IOException)
            {
            }
        }
    }

    /// <summary>One thread cuts off and lets grow, others write beyond: what is at the end agrees with the store, and nothing that was cut off is there.</summary>
    [Test]
    public void Truncation_and_writes_leave_cache_and_store_alike()
    {
        var store = new MemoryPageStore();
        var cache = Create(20, backgroundPercent: 10, dirtyPercent: 30);
        var mapping = cache.Open(new FaultInjectingPageStore(store, 1));
        TestThreads.Run(3, thread =>
        {
            var random = new Random(thread);
            var source = new byte[3000];
            for (var turn = 0; turn < 3000; turn++)
            {
                if (thread == 0 && turn % 10 == 0)
                {
                    mapping.Truncate(random.Next(20 * PageBytes));
                    continue;
                }

                source.AsSpan().Fill((byte)(1 + random.Next(255)));
                mapping.Write(random.Next(20 * PageBytes), source.AsSpan(..random.Next(source.Length)));
            }
        });
        mapping.Flush();
        var (cached, stored) = (new byte[mapping.LengthBytes], new byte[mapping.LengthBytes]);
        Assert.That(store.LengthBytes, Is.EqualTo(mapping.LengthBytes));
        Assert.That(mapping.Read(0, cached), Is.EqualTo(cached.Length));
        Assert.That(store.Read(stored, 0), Is.EqualTo(stored.Length));
        Assert.That(cached.AsSpan().SequenceEqual(stored), Is.True);
        mapping.Truncate(mapping.LengthBytes + PageBytes);
        var beyond = new byte[PageBytes];
        Assert.That(mapping.Read(cached.Length, beyond), Is.EqualTo(PageBytes));
        Assert.That(beyond.AsSpan().IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }
}
