using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>One fill for all who ask, and what becomes of it.</summary>
[TestFixture]
public sealed class PageCacheFillTests : PageCacheFixture
{
    [Test]
    public async Task Many_who_miss_a_page_share_one_read()
    {
        var gate = new TaskCompletionSource();
        var store = new TestStore(PageBytes) { Gate = gate.Task };
        using var mapping = Create(4).Open(store);
        var buffers = Enumerable.Range(0, 20).Select(_ => new byte[100]).ToArray();
        var reads = buffers.Select(buffer => mapping.ReadAsync(0, buffer).AsTask()).ToArray();
        Assert.That(reads.Any(read => read.IsCompleted), Is.False);
        gate.SetResult();
        Assert.That(await Task.WhenAll(reads), Is.All.EqualTo(100));
        foreach (var buffer in buffers)
            RequireContent(buffer, 0);
        Assert.That(store.Reads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_failed_read_fails_all_who_wait_and_leaves_no_page()
    {
        var gate = new TaskCompletionSource();
        var store = new TestStore(PageBytes) { Gate = gate.Task, Failure = new IOException("no disk") };
        var cache = Create(4);
        using var mapping = cache.Open(store);
        var reads = Enumerable.Range(0, 5).Select(_ => mapping.ReadAsync(0, new byte[10]).AsTask()).ToArray();
        gate.SetResult();
        foreach (var read in reads)
            Assert.That(async () => await read, Throws.TypeOf<IOException>().With.Message.EqualTo("no disk"));
        Assert.That(() => mapping.Read(0, new byte[1]), Throws.TypeOf<IOException>());
        Assert.That(() => mapping.GetFolio(0).Dispose(), Throws.TypeOf<IOException>());
        Assert.That((cache.Statistics.PagesInUse, cache.Statistics.FillsFailed), Is.EqualTo((0, 3L)));
        store.Failure = null;
        Assert.That(await mapping.ReadAsync(0, new byte[10]), Is.EqualTo(10));
    }

    [Test]
    public async Task Who_gives_up_spoils_nothing_for_the_others()
    {
        var gate = new TaskCompletionSource();
        var store = new TestStore(PageBytes) { Gate = gate.Task };
        using var mapping = Create(4).Open(store);
        using var cancellation = new CancellationTokenSource();
        var first = mapping.ReadAsync(0, new byte[10], cancellation.Token).AsTask();
        var second = mapping.ReadAsync(0, new byte[10]).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await mapping.ReadAsync(0, new byte[10], cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        Assert.That(await second, Is.EqualTo(10));
        Assert.That(store.Reads, Is.EqualTo(1));
    }

    [Test]
    public void A_thread_that_misses_waits_for_the_one_that_reads()
    {
        using var isReading = new ManualResetEventSlim();
        using var mayRead = new ManualResetEventSlim();
        var store = new TestStore(PageBytes);
        store.OnRead = () =>
        {
            isReading.Set();
            mayRead.Wait();
        };
        using var mapping = Create(4).Open(store);
        TestThreads.Run(3, thread =>
        {
            if (thread == 2)
            {
                isReading.Wait();
                mayRead.Set();
            }

            var bytes = new byte[thread == 0 ? 10 : 1000];
            Assert.That(mapping.Read(0, bytes), Is.EqualTo(bytes.Length));
            RequireContent(bytes, 0);
        });
        Assert.That(store.Reads, Is.EqualTo(1));
    }

    [Test]
    public void What_is_cut_off_while_it_is_read_is_not_cached()
    {
        var store = new TestStore(PageBytes);
        var cache = Create(4);
        using var mapping = cache.Open(store);
        store.OnRead = () =>
        {
            store.OnRead = null;
            mapping.Truncate(0);
        };
        Assert.That(mapping.Read(0, new byte[10]), Is.Zero);
        Assert.That((cache.Statistics.PagesInUse, cache.Statistics.FillsDiscarded), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void A_mapping_that_is_disposed_while_a_page_is_read_disposes_its_store_afterwards()
    {
        var store = new TestStore(PageBytes);
        using var mapping = Create(4).Open(store);
        store.OnRead = () =>
        {
            mapping.Dispose();
            Assert.That(store.Disposals, Is.Zero);
        };
        Assert.That(() => mapping.Read(0, new byte[10]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(store.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void So_it_does_if_that_read_fails()
    {
        var store = new TestStore(PageBytes) { Failure = new IOException() };
        using var mapping = Create(4).Open(store);
        store.OnRead = mapping.Dispose;
        Assert.That(() => mapping.Read(0, new byte[10]), Throws.TypeOf<ObjectDisposedException>().Or.TypeOf<IOException>());
        Assert.That(store.Disposals, Is.EqualTo(1));
    }

    [Test]
    public async Task Where_every_page_is_held_reads_go_past_the_cache()
    {
        var store = new TestStore(3 * PageBytes);
        var cache = Create(1);
        using var mapping = cache.Open(store);
        var held = mapping.GetFolio(0).Handle;
        var bytes = new byte[100];
        Assert.That(mapping.Read(PageBytes, bytes), Is.EqualTo(100));
        RequireContent(bytes, PageBytes);
        Assert.That(await mapping.ReadAsync(2 * PageBytes, bytes), Is.EqualTo(100));
        RequireContent(bytes, 2 * PageBytes);
        RequireBeside(mapping, 1);
        Assert.That((cache.Statistics.FillsNotCached, cache.Statistics.PagesInUse), Is.EqualTo((3L, 1)));
        Pool.Folios.Put(held);

        static void RequireBeside(FolioRuntime.PageCaching.PageMapping mapping, int index)
        {
            var folio = mapping.GetFolio(index);
            RequireContent(folio.Bytes, index * PageBytes);
            folio.Dispose();
            Assert.That(mapping.TryGetFolio(index, out _), Is.False);
        }
    }

    [Test]
    public void Without_memory_a_read_throws_and_changes_nothing()
    {
        var cache = Create(4);
        using var mapping = cache.Open(new TestStore(PageBytes));
        var hoard = new List<FolioRuntime.Folios.FolioHandle>();
        while (Pool.Folios.TryRent(new FolioRuntime.Primitives.PageOrder(0), out var folio))
            hoard.Add(folio);
        Assert.That(() => mapping.Read(0, new byte[1]), Throws.TypeOf<OutOfMemoryException>());
        Assert.That(async () => await mapping.ReadAsync(0, new byte[1]), Throws.TypeOf<OutOfMemoryException>());
        Assert.That(cache.Statistics.PagesInUse, Is.Zero);
        Pool.Folios.Return(hoard[0]);
        Assert.That(mapping.Read(0, new byte[1]), Is.EqualTo(1));
        foreach (var folio in hoard.Skip(1))
            Pool.Folios.Return(folio);
    }
}
