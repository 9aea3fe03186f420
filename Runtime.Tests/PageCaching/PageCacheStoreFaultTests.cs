using FolioRuntime.Lifetimes;
using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Every call of the store goes wrong, one after another: whoever is concerned is told, nothing else is lost, and the cache goes on.</summary>
[TestFixture]
public sealed class PageCacheStoreFaultTests : PageCacheFixture
{
    private const int Pages = 6;

    [TestCase(PageStoreFault.Fail)]
    [TestCase(PageStoreFault.Shorten)]
    public void Each_call_of_the_store_fails_once(PageStoreFault fault)
    {
        var (point, told) = (0, 0);
        FaultInjectingPageStore store;
        do
        {
            point++;
            var inner = new MemoryPageStore();
            store = new FaultInjectingPageStore(inner, seed: 5, new PageStoreFaultRule(PageStoreOperations.All, fault) { At = point });
            told += Play(store, inner);
        }
        while (store.Faults > 0);
        TestContext.Out.WriteLine($"{point - 1} calls, of which {told} were told");
        Assert.That(told, Is.EqualTo(point - 1), "each of them, once");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_store_that_throws_at_its_end_by_the_last_reader_costs_nothing_and_is_reported(bool readFails)
    {
        var cache = Create(4);
        var store = new TestStore(4 * PageBytes) { DisposalFailure = new IOException("no end"), Failure = readFails ? new IOException("no disk") : null };
        var mapping = cache.Open(store);
        store.OnRead = mapping.Dispose;
        Assert.That(() => mapping.Read(0, new byte[10]), readFails ? Throws.TypeOf<IOException>().With.Message.EqualTo("no disk") : Throws.TypeOf<ObjectDisposedException>());
        Assert.That((store.Disposals, Violations.Count, Violations[^1].Kind), Is.EqualTo((1, 1, ViolationKind.DestructorThrew)));
        Assert.That(cache.Statistics.PagesInUse, Is.Zero);

        // The cache's numbers are each free once: as many pages as it has are different ones.
        using var next = cache.Open(new TestStore(4 * PageBytes, file: 2));
        var bytes = new byte[4 * PageBytes];
        Assert.That(next.Read(0, bytes), Is.EqualTo(bytes.Length));
        RequireContent(bytes, 0, file: 2);
        Assert.That(cache.Statistics.PagesInUse, Is.EqualTo(4));
    }

    /// <returns>How often somebody was told of an error.</returns>
    private int Play(FaultInjectingPageStore store, MemoryPageStore inner)
    {
        var told = 0;
        var expected = new byte[Pages * PageBytes];
        var cache = Create(4);
        using var mapping = cache.Open(store);
        Try(() => mapping.Truncate(expected.Length));
        for (var page = 0; page < Pages; page++)
        {
            // Parts and whole pages; in between the cache is full of dirty ones.
            Try(() => mapping.Write(page * PageBytes, Enumerable.Repeat((byte)(page + 1), page % 2 == 0 ? 100 : PageBytes).ToArray()));
            if (page == 3)
                Try(mapping.Flush);
        }

        Try(mapping.Flush);
        Try(() => mapping.Truncate(3 * PageBytes));
        Try(() => mapping.Read(0, new byte[10]));
        store.Heal();
        Assert.That(mapping.Flush, Throws.Nothing, "all errors were told");

        // Whatever failed is done again.
        mapping.Truncate(expected.Length);
        new Random(3).NextBytes(expected);
        mapping.Write(0, expected);
        mapping.Flush();
        var read = new byte[expected.Length];
        Assert.That(mapping.Read(0, read), Is.EqualTo(read.Length));
        Assert.That(read.AsSpan().SequenceEqual(expected), Is.True);
        Assert.That(inner.Read(read, 0), Is.EqualTo(read.Length));
        Assert.That(read.AsSpan().SequenceEqual(expected), Is.True);
        Assert.That(cache.Statistics.DirtyPages, Is.Zero);
        return told;

        void Try(Action action)
        {
            try
            {
                action();
            }
            catch (IOException)
            {
                told++;
            }
        }
    }
}
