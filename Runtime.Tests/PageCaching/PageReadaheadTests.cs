using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>What is read ahead, by the store's reads, and that nobody notices but by these.</summary>
[TestFixture]
public sealed class PageReadaheadTests : PageCacheFixture
{
    private const int CapacityPages = 512;

    private readonly byte[] _byte = new byte[1];

    [Test]
    public void Pages_in_a_row_are_read_in_few_reads()
    {
        var (cache, store, file) = Open(pages: 60);
        for (var page = 0; page < 60; page++)
            Read(cache, file, page);

        // Page 0; 1 to 3; 4 to 11; 12 to 27; 28 to 59, and no window begins at 60.
        Assert.That(store.Reads, Is.EqualTo(5));
        Assert.That((cache.Statistics.Fills, cache.Statistics.ReadAhead), Is.EqualTo((60L, 59L)));
    }

    [Test]
    public void Pages_are_read_in_a_row_awaited_or_got_too([Values] bool isAwaited)
    {
        var (cache, store, file) = Open(pages: 60);
        for (var page = 0; page < 60; page++)
        {
            if (isAwaited)
                file.ReadAsync((long)page * PageBytes, _byte).AsTask().Wait();
            else
                file.GetFolio(page).Dispose();
            WaitForAhead(cache);
        }

        Assert.That(store.Reads, Is.EqualTo(5));
    }

    [Test]
    public void Pages_at_a_stride_are_read_before_they_are_asked_for()
    {
        var (cache, store, file) = Open(pages: 400);
        for (var page = 5; page < 400; page += 5)
        {
            Read(cache, file, page);
            if (page == 15)
                Assert.That(cache.Statistics.ReadAhead, Is.EqualTo(3));
        }

        Assert.That(cache.Statistics.Fills - cache.Statistics.ReadAhead, Is.EqualTo(3), "after three misses there are no more");
        Assert.That(store.Reads, Is.EqualTo(79), "each page once, none in between");
    }

    [Test]
    public void Pages_here_and_there_are_read_alone()
    {
        var (cache, store, file) = Open(pages: 4000);
        var pages = Enumerable.Range(0, 10).Select(i => 1 + (i * i * 37)).ToArray();
        foreach (var page in pages)
            Read(cache, file, page);
        Assert.That((store.Reads, cache.Statistics.ReadAhead), Is.EqualTo((pages.Length, 0L)));
    }

    [Test]
    public void An_advice_is_taken()
    {
        var (cache, store, file) = Open(pages: 100);
        Assert.That(file.Advice, Is.EqualTo(PageAdvice.Normal));
        file.Advice = PageAdvice.Random;
        for (var page = 0; page < 10; page++)
            Read(cache, file, page);
        Assert.That(store.Reads, Is.EqualTo(10));
        file.Advice = PageAdvice.Sequential;
        Read(cache, file, 50);
        Assert.That((store.Reads, cache.Statistics.ReadAhead), Is.EqualTo((12, 31L)));
        Assert.That(() => file.Advice = (PageAdvice)3, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Nothing_is_read_beyond_the_end()
    {
        var (cache, store, file) = Open(pages: 2);
        for (var page = 0; page < 2; page++)
            Read(cache, file, page);
        Assert.That((store.Reads, cache.Statistics.Fills), Is.EqualTo((2, 2L)));
    }

    [Test]
    public void A_window_is_a_small_part_of_the_cache()
    {
        var (cache, _, file) = Open(pages: 500, capacityPages: 64);
        file.Advice = PageAdvice.Sequential;
        Read(cache, file, 100);
        Assert.That(cache.Statistics.ReadAhead, Is.EqualTo(3), "64 / 16, with the page that was missed");
    }

    [Test]
    public void At_most_an_eighth_of_the_cache_is_under_way()
    {
        var (cache, store, file) = Open(pages: 500, capacityPages: 64);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        for (var page = 0; page < 500; page += 100)
            file.ListAhead(new ReadaheadWindow(page, 4, 1, -1));
        Assert.That(cache.PagesUnderWayAhead, Is.EqualTo(8));
        gate.SetResult();
        for (var page = 0; page < 500; page += 100)
            file.Read((long)page * PageBytes, new byte[4 * PageBytes]);
    }

    [Test]
    public void What_is_not_begun_yet_is_taken_over_by_who_needs_it()
    {
        var (_, store, file) = Open(pages: 10);
        var ahead = file.ListAhead(new ReadaheadWindow(1, 3, 1, -1));
        Assert.That(ahead, Has.Count.EqualTo(3));
        file.Read(2 * PageBytes, _byte);
        Assert.That(store.Reads, Is.EqualTo(1));
        file.ReadAheadAsync(ahead).Wait();
        Assert.That(store.Reads, Is.EqualTo(3), "those before and after it");
        Assert.That(file.CountCached(), Is.EqualTo(3));
    }

    [Test]
    public void Who_needs_what_is_under_way_waits_for_it()
    {
        var (_, store, file) = Open(pages: 10);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var ahead = file.ReadAheadAsync(file.ListAhead(new ReadaheadWindow(1, 3, 1, -1)));
        var reading = file.ReadAsync(2 * PageBytes, _byte).AsTask();
        Assert.That(reading.IsCompleted, Is.False);
        gate.SetResult();
        Assert.That(reading.Result, Is.EqualTo(1));
        ahead.Wait();
        RequireContent(_byte, 2 * PageBytes);
        Assert.That(store.Reads, Is.EqualTo(1));
    }

    [Test]
    public void What_goes_wrong_is_nobodys_error()
    {
        var (cache, store, file) = Open(pages: 10);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var ahead = file.ReadAheadAsync(file.ListAhead(new ReadaheadWindow(1, 3, 1, -1)));
        var reading = file.ReadAsync(2 * PageBytes, _byte).AsTask();
        var failures = 1;
        store.OnRead = () =>
        {
            if (Interlocked.Decrement(ref failures) == 0)
                throw new IOException("once");
        };
        gate.SetResult();
        ahead.Wait();
        Assert.That(reading.Result, Is.EqualTo(1), "it was read once more, by who wanted it");
        Assert.That((cache.Statistics.FillsFailed, cache.Statistics.ReadAhead, cache.Statistics.Fills), Is.EqualTo((0L, 0L, 1L)));
    }

    [Test]
    public void A_truncation_and_the_end_hold_for_it_too()
    {
        var (_, store, file) = Open(pages: 10);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var ahead = file.ReadAheadAsync(file.ListAhead(new ReadaheadWindow(1, 3, 1, -1)));
        file.Truncate(PageBytes);
        file.Truncate(10 * PageBytes);
        gate.SetResult();
        ahead.Wait();
        Assert.That(file.Read(PageBytes, _byte), Is.EqualTo(1));
        Assert.That(_byte[0], Is.Zero);

        gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        ahead = file.ReadAheadAsync(file.ListAhead(new ReadaheadWindow(5, 3, 1, -1)));
        file.Dispose();
        Assert.That(store.Disposals, Is.Zero);
        gate.SetResult();
        ahead.Wait();
        Assert.That(store.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void With_every_page_held_nothing_is_read_ahead()
    {
        var (cache, store, file) = Open(pages: 40, capacityPages: 32);
        var held = Enumerable.Range(8, 32).Select(page => file.GetFolio(page).Handle).ToArray();
        WaitForAhead(cache);
        var reads = store.Reads;
        file.ReadAheadAsync(file.ListAhead(new ReadaheadWindow(1, 2, 1, -1))).Wait();
        Assert.That(store.Reads, Is.EqualTo(reads));
        Assert.That(cache.PagesUnderWayAhead, Is.Zero);
        foreach (var handle in held)
            Pool.Folios.Put(handle);
        Read(cache, file, 1);
        RequireContent(_byte, PageBytes);
    }

    [TestCase(-1)]
    [TestCase(1025)]
    public void A_wrong_limit_is_refused(int pages) => Assert.That(() => Create(8, readaheadPages: pages), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private (PageCache Cache, TestStore Store, PageMapping File) Open(int pages, int capacityPages = CapacityPages)
    {
        var cache = Create(capacityPages, readaheadPages: 32);
        var store = new TestStore((long)pages * PageBytes);
        return (cache, store, cache.Open(store));
    }

    private void Read(PageCache cache, PageMapping file, int page)
    {
        Assert.That(file.Read((long)page * PageBytes, _byte), Is.EqualTo(1));
        RequireContent(_byte, (long)page * PageBytes);
        WaitForAhead(cache);
    }

    private static void WaitForAhead(PageCache cache) => Assert.That(SpinWait.SpinUntil(() => cache.PagesUnderWayAhead == 0, TimeSpan.FromSeconds(30)), Is.True);
}
