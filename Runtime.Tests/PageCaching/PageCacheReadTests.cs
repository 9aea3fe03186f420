using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>What is read through a cache is what the store has, by all ways of reading.</summary>
[TestFixture]
public sealed class PageCacheReadTests : PageCacheFixture
{
    [TestCase(0, 1)]
    [TestCase(0, 64)]
    [TestCase(4090, 12)]
    [TestCase(100, 512)]
    [TestCase(100, 513)]
    [TestCase(4096, 4096)]
    [TestCase(3, 9000)]
    public void Any_range_reads_as_the_store_has_it_at_first_and_again(int offset, int length)
    {
        using var mapping = Create(8).Open(new TestStore(3 * PageBytes));
        var bytes = new byte[length];
        for (var turn = 0; turn < 2; turn++)
        {
            Array.Clear(bytes);
            Assert.That(mapping.Read(offset, bytes), Is.EqualTo(length));
            RequireContent(bytes, offset);
        }
    }

    [Test]
    public async Task So_does_an_asynchronous_read()
    {
        var store = new TestStore((3 * PageBytes) + 7);
        using var mapping = Create(8).Open(store);
        var bytes = new byte[3 * PageBytes];
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.That(await mapping.ReadAsync(100, bytes), Is.EqualTo(bytes.Length - 93));
            RequireContent(bytes.AsSpan(..^93), 100);
        }

        Assert.That(store.Reads, Is.EqualTo(4));
    }

    [Test]
    public void At_the_end_a_read_is_short_and_beyond_it_nothing()
    {
        using var mapping = Create(8).Open(new TestStore(5000));
        var bytes = new byte[2000];
        Assert.That(mapping.Read(4000, bytes), Is.EqualTo(1000));
        RequireContent(bytes.AsSpan(..1000), 4000);
        Assert.That(bytes.AsSpan(1000).IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "untouched");
        Assert.That(mapping.Read(5000, bytes), Is.Zero);
        Assert.That(mapping.Read(long.MaxValue, bytes), Is.Zero);
        Assert.That(mapping.Read(0, []), Is.Zero);
        Assert.That(mapping.LengthBytes, Is.EqualTo(5000));
    }

    [Test]
    public void A_page_that_is_there_is_read_once_whichever_way()
    {
        var store = new TestStore(PageBytes);
        using var mapping = Create(8).Open(store);
        Assert.That(mapping.TryGetFolio(0, out _), Is.False, "nothing is read for it");
        mapping.GetFolio(0).Dispose();
        mapping.Read(10, new byte[20]);
        mapping.Read(10, new byte[2000]);
        mapping.GetFolio(0).Dispose();
        Assert.That(store.Reads, Is.EqualTo(1));
    }

    [Test]
    public void A_folio_shows_the_page_and_zeros_beyond_the_end()
    {
        using var mapping = Create(8).Open(new TestStore(PageBytes + 100));
        var folio = mapping.GetFolio(1);
        RequireContent(folio.Bytes[..100], PageBytes);
        Assert.That(folio.Bytes[100..].IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(folio.Flags, Is.EqualTo(FolioRuntime.Folios.FolioFlags.UpToDate));
        folio.Dispose();
    }

    [Test]
    public void A_page_beyond_the_end_is_refused()
    {
        using var mapping = Create(8).Open(new TestStore(PageBytes));
        Assert.That(() => mapping.GetFolio(1).Dispose(), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => mapping.GetFolio(-1).Dispose(), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(mapping.TryGetFolio(-1, out _), Is.False);
        Assert.That(mapping.TryGetFolio(long.MaxValue, out _), Is.False);
        Assert.That(() => mapping.Read(-1, new byte[1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => mapping.ReadAsync(-1, new byte[1]), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Two_mappings_of_one_cache_keep_their_pages_apart()
    {
        var cache = Create(4);
        using var first = cache.Open(new TestStore(2 * PageBytes, file: 1));
        using var second = cache.Open(new TestStore(2 * PageBytes, file: 2));
        var bytes = new byte[2 * PageBytes];
        for (var turn = 0; turn < 2; turn++)
        {
            first.Read(0, bytes);
            RequireContent(bytes, 0);
            second.Read(0, bytes);
            RequireContent(bytes, 0, file: 2);
        }

        Assert.That(cache.Statistics.Fills, Is.EqualTo(4));
    }

    [Test]
    public void After_the_end_of_a_mapping_reads_throw_and_references_stay_good()
    {
        var store = new TestStore(PageBytes);
        var cache = Create(4);
        var mapping = cache.Open(store);
        var folio = mapping.GetFolio(0);
        mapping.Dispose();
        mapping.Dispose();
        Assert.That(store.Disposals, Is.EqualTo(1));
        Assert.That(() => mapping.Read(0, new byte[1]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => mapping.GetFolio(0).Dispose(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => mapping.LengthBytes, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => mapping.Truncate(0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => mapping.Invalidate(0, 1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await mapping.ReadAsync(0, new byte[1]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(mapping.TryGetFolio(0, out _), Is.False);
        RequireContent(folio.Bytes, 0);
        folio.Dispose();
    }

    [Test]
    public void The_end_of_the_runtime_is_the_end_of_caches_and_mappings()
    {
        var store = new TestStore(PageBytes);
        var cache = Create(4);
        cache.Open(store).Read(0, new byte[1]);
        Pool.Dispose();
        Assert.That((cache.IsDisposed, store.Disposals), Is.EqualTo((true, 1)));
        Assert.That(Violations, Is.Empty, "no folio was out");
        var late = new TestStore(1);
        Assert.That(() => cache.Open(late), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(late.Disposals, Is.EqualTo(1), "a store that can't be opened is disposed");
        Assert.That(() => Create(4), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Stores_and_options_that_cant_be_are_refused()
    {
        var cache = Create(4);
        var odd = new TestStore(1) { AlignmentBytes = 8192 };
        Assert.That(() => cache.Open(odd), Throws.ArgumentException);
        Assert.That(() => cache.Open(new TestStore(1) { Forced = long.MaxValue }), Throws.ArgumentException);
        Assert.That(odd.Disposals, Is.EqualTo(1));
        Assert.That(() => cache.Open(null!), Throws.ArgumentNullException);
        Assert.That(() => Pool.CreatePageCache(null!), Throws.ArgumentNullException);
        Assert.That(() => Create(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Pool.CreatePageCache(new PageCacheOptions { CapacityPages = 1, Policy = _ => null! }), Throws.ArgumentException);
        Assert.That(() => Pool.CreatePageCache(new PageCacheOptions { CapacityPages = 1, Policy = null! }), Throws.ArgumentNullException);
        Assert.That(() => cache.Reclaim(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
