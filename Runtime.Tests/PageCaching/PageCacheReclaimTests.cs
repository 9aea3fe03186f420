using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Pages that give way: to others, to the runtime, to truncation; and those that don't because they are held.</summary>
[TestFixture]
public sealed class PageCacheReclaimTests : PageCacheFixture
{
    protected override PoolRuntimeOptions Options => base.Options with { CapacityBytes = 4 << 20, ReservationBytes = 4 << 20 };

    [Test]
    public void A_file_larger_than_the_cache_reads_right_and_stays_within_the_capacity()
    {
        var cache = Create(8);
        using var mapping = cache.Open(new TestStore(50 * PageBytes));
        var bytes = new byte[200];
        for (var turn = 0; turn < 3; turn++)
        {
            for (var page = 0; page < 50; page++)
            {
                Assert.That(mapping.Read((page * PageBytes) + 50, bytes), Is.EqualTo(bytes.Length));
                RequireContent(bytes, (page * PageBytes) + 50);
                Assert.That(cache.Statistics.PagesInUse, Is.LessThanOrEqualTo(8));
            }
        }

        Assert.That(cache.Statistics.Reclaimed, Is.EqualTo(142));
    }

    [Test]
    public void A_page_that_is_held_is_kept()
    {
        var cache = Create(2);
        using var mapping = cache.Open(new TestStore(10 * PageBytes));
        var folio = mapping.GetFolio(0);
        for (var page = 1; page < 10; page++)
            mapping.Read(page * PageBytes, new byte[1]);
        Assert.That(mapping.TryGetFolio(0, out var again), Is.True);
        Assert.That(again.Handle, Is.EqualTo(folio.Handle));
        RequireContent(folio.Bytes, 0);
        again.Dispose();
        folio.Dispose();
        Assert.That(cache.Statistics.VictimsKept, Is.Positive);
        Assert.That(cache.Reclaim(int.MaxValue), Is.EqualTo(2));
        Assert.That(cache.Reclaim(1), Is.Zero);
    }

    [TestCase(64)]
    [TestCase(1000)]
    public void Hits_reach_the_policy_and_spare_a_page(int lengthBytes)
    {
        var cache = Create(4);
        using var mapping = cache.Open(new TestStore(100 * PageBytes));
        for (var page = 1; page < 100; page++)
        {
            mapping.Read(0, new byte[lengthBytes]);
            mapping.Read(page * PageBytes, new byte[1]);
        }

        Assert.That(Policy.Hits, Is.Positive);
        Assert.That(cache.Statistics.Fills, Is.EqualTo(100), "page 0 never gave way");
    }

    [Test]
    public void Without_hits_being_told_it_gives_way()
    {
        var cache = Create(4, tellHits: false);
        using var mapping = cache.Open(new TestStore(100 * PageBytes));
        for (var page = 1; page < 100; page++)
        {
            mapping.Read(0, new byte[1]);
            mapping.Read(page * PageBytes, new byte[1]);
        }

        Assert.That(Policy.Hits, Is.Zero);
        Assert.That(cache.Statistics.Fills, Is.GreaterThan(100));
    }

    [Test]
    public void An_allocation_that_finds_nothing_gets_pages_of_the_cache()
    {
        var frames = (int)(Pool.CapacityBytes / PageBytes);
        var cache = Create(frames);
        using var mapping = cache.Open(new TestStore((long)frames * PageBytes));
        var bytes = new byte[1];
        for (var page = 0; page < frames; page++)
            mapping.Read((long)page * PageBytes, bytes);
        var before = cache.Statistics.PagesInUse;
        for (var i = 0; i < 100; i++)
        {
            var folio = Pool.Folios.Allocate(new PageOrder(0));
            folio.Dispose();
            Pool.Trim();
        }

        var held = Enumerable.Range(0, 100).Select(_ => Pool.Folios.Rent(new PageOrder(0))).ToList();
        Assert.That(cache.Statistics.PagesInUse, Is.LessThanOrEqualTo(before).And.LessThanOrEqualTo(frames - 100));
        held.ForEach(Pool.Folios.Return);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_page_cut_off_is_gone_and_a_holder_keeps_its_folio()
    {
        using var mapping = Create(4).Open(new TestStore(3 * PageBytes));
        var folio = mapping.GetFolio(2);
        mapping.Truncate(PageBytes + 10);
        Assert.That(mapping.TryGetFolio(2, out _), Is.False);
        Assert.That(mapping.LengthBytes, Is.EqualTo(PageBytes + 10));
        RequireContent(folio.Bytes, 2 * PageBytes);
        folio.Dispose();
    }

    [Test]
    public void Hazard16_what_was_cut_off_is_zeros_when_the_mapping_grows_again()
    {
        using var mapping = Create(4).Open(new TestStore(2 * PageBytes));
        var bytes = new byte[2 * PageBytes];
        mapping.Read(0, bytes);
        mapping.Truncate(100);
        mapping.Truncate(2 * PageBytes);
        Assert.That(mapping.Read(0, bytes), Is.EqualTo(bytes.Length));
        RequireContent(bytes.AsSpan(..100), 0);
        Assert.That(bytes.AsSpan(100).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void A_truncation_that_fails_changes_nothing()
    {
        var store = new TestStore(PageBytes);
        using var mapping = Create(4).Open(store);
        mapping.Read(0, new byte[1]);
        store.Failure = new IOException();
        Assert.That(() => mapping.Truncate(0), Throws.TypeOf<IOException>());
        Assert.That(() => mapping.Truncate(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => mapping.Truncate(long.MaxValue), Throws.TypeOf<ArgumentOutOfRangeException>());
        store.Failure = null;
        Assert.That((mapping.LengthBytes, mapping.TryGetFolio(0, out var folio)), Is.EqualTo((4096L, true)));
        folio.Dispose();
        mapping.Truncate(0);
        Assert.That(mapping.Read(0, new byte[1]), Is.Zero);
    }

    [Test]
    public void What_is_invalidated_is_read_anew()
    {
        var store = new TestStore(3 * PageBytes);
        using var mapping = Create(4).Open(store);
        var bytes = new byte[3 * PageBytes];
        mapping.Read(0, bytes);
        store.Write([1, 2, 3], PageBytes);
        mapping.Read(PageBytes, bytes.AsSpan(..3));
        RequireContent(bytes.AsSpan(..3), PageBytes);
        mapping.Invalidate(PageBytes + 1000, 0);
        mapping.Invalidate(PageBytes + 1, 1);
        mapping.Read(PageBytes, bytes.AsSpan(..3));
        Assert.That(bytes[..3], Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(store.Reads, Is.EqualTo(4));
        mapping.Invalidate(0, long.MaxValue);
        mapping.Invalidate(long.MaxValue, long.MaxValue);
        Assert.That(mapping.TryGetFolio(2, out _), Is.False);
        Assert.That(() => mapping.Invalidate(-1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => mapping.Invalidate(1, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Readers_by_all_ways_see_right_bytes_while_pages_are_recycled()
    {
        const int Pages = 64;
        var cache = Create(16);
        var mappings = new[] { (Mapping: cache.Open(new TestStore(Pages * PageBytes, file: 1)), File: 1), (Mapping: cache.Open(new TestStore(Pages * PageBytes, file: 2)), File: 2) };
        TestThreads.Run(4, thread =>
        {
            var random = new Random(thread);
            var bytes = new byte[3000];
            for (var i = 0; i < 20_000; i++)
            {
                var (mapping, file) = mappings[random.Next(2)];
                var offset = random.Next((Pages * PageBytes) - bytes.Length);
                var part = bytes.AsSpan(..(i % 4 == 0 ? 3000 : 64));
                if (i % 50 == thread)
                    mapping.Invalidate(offset, 5000);
                if (i % 7 == 0 && mapping.TryGetFolio(offset / PageBytes, out var folio))
                {
                    RequireContent(folio.Bytes[..100], offset / PageBytes * PageBytes, file);
                    folio.Dispose();
                }

                Assert.That(mapping.Read(offset, part), Is.EqualTo(part.Length));
                RequireContent(part, offset, file);
            }
        });
        Assert.That(Violations, Is.Empty);
    }
}
