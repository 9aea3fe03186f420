using FolioRuntime.Folios;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Folios of several pages: how they come in, are found, and give way.</summary>
[TestFixture]
internal sealed class LargeFolioTests : LargeFolioFixture
{
    [Test]
    public void A_window_is_filled_with_folios_that_are_aligned_in_the_file()
    {
        var (cache, store, file) = Open(pages: 40);
        ReadAhead(file, 1, 30).Wait();
        Assert.That(Layout(file, 32), Is.EqualTo(".0" + "11" + "2222" + "33333333" + "33333333" + "2222" + "11" + "0" + "."));
        Assert.That((store.Reads, cache.Statistics.LargeFolios, cache.Statistics.Fills, cache.Statistics.PagesInUse), Is.EqualTo((1, 6L, 30L, 30)));
        RequireAll(file, 40);
    }

    [Test]
    public void Every_page_of_a_folio_leads_to_it()
    {
        var (_, _, file) = Open(pages: 16);
        ReadAhead(file, 8, 8).Wait();
        Assert.That(file.TryGetFolio(8, out var first), Is.True);
        for (var page = 8; page < 16; page++)
        {
            Assert.That(file.TryGetFolio(page, out var folio), Is.True);
            Assert.That(folio.Handle, Is.EqualTo(first.Handle));
            Assert.That(PageMapping.OffsetInFolio(folio, page), Is.EqualTo((page - 8) * PageBytes));
            RequireContent(folio.Bytes.Slice(PageMapping.OffsetInFolio(folio, page), PageBytes), page * PageBytes);
            folio.Dispose();
        }

        first.Dispose();
        var single = file.GetFolio(3);
        Assert.That((single.Order, PageMapping.OffsetInFolio(single, 3)), Is.EqualTo((new PageOrder(0), 0)));
        single.Dispose();
        Assert.That(() => PageMapping.OffsetInFolio(default, 0), Throws.InvalidOperationException);
    }

    [Test]
    public void Nothing_is_read_beyond_the_end()
    {
        var (cache, _, file) = Open(pages: 0, lengthBytes: (10 * PageBytes) + 100);
        ReadAhead(file, 0, 32).Wait();
        Assert.That(Layout(file, 16), Is.EqualTo("33333333" + "11" + "0" + "....."));
        Assert.That(cache.Statistics.PagesInUse, Is.EqualTo(11));
        var folio = file.GetFolio(10);
        Assert.That(folio.Bytes[100..].ContainsAnyExcept((byte)0), Is.False);
        folio.Dispose();
        RequireAll(file, 11);
    }

    [Test]
    public void With_order_zero_each_page_has_its_own_folio()
    {
        var (cache, _, file) = Open(pages: 16, order: 0);
        ReadAhead(file, 0, 16).Wait();
        Assert.That((Layout(file, 16), cache.Statistics.LargeFolios), Is.EqualTo((new string('0', 16), 0L)));
    }

    [Test]
    public void A_reader_who_goes_on_gets_folios_that_fill_whole_windows()
    {
        var cache = Create(1024, readaheadPages: 32, largestOrder: 4);
        var file = cache.Open(new TestStore(256 * PageBytes));
        var bytes = new byte[PageBytes];
        for (var page = 0; page < 256; page++)
        {
            Assert.That(file.Read((long)page * PageBytes, bytes), Is.EqualTo(PageBytes));
            RequireContent(bytes, (long)page * PageBytes);
            Assert.That(SpinWait.SpinUntil(() => cache.PagesUnderWayAhead == 0, TimeSpan.FromSeconds(30)), Is.True);
        }

        Assert.That(Layout(file, 256), Is.EqualTo("00" + "11" + "2222" + "33333333" + new string('4', 240)));
    }

    [Test]
    public void Where_memory_is_not_in_one_piece_smaller_folios_do()
    {
        // Every other pair of frames is somebody else's.
        var all = new List<FolioHandle>();
        while (Pool.Folios.TryRent(new PageOrder(1), out var pair))
            all.Add(pair);
        for (var pair = 0; pair < all.Count; pair += 2)
            Pool.Folios.Return(all[pair]);
        var (_, _, file) = Open(pages: 16);
        ReadAhead(file, 0, 16).Wait();
        Assert.That(Layout(file, 16), Is.EqualTo(new string('1', 16)));
        RequireAll(file, 16);
        for (var pair = 1; pair < all.Count; pair += 2)
            Pool.Folios.Return(all[pair]);
    }

    [Test]
    public void A_folio_gives_way_as_a_whole_to_one_of_its_size_in_its_frames()
    {
        var (cache, _, file) = Open(pages: 64, capacityPages: 16);
        for (var first = 0; first < 64; first += 8)
            ReadAhead(file, first, 8).Wait();
        Assert.That((cache.Statistics.Reclaimed, cache.Statistics.PagesInUse), Is.EqualTo((48L, 16)));
        Assert.That(Pool.Pages.AllocatedFrames, Is.EqualTo(16));
        Assert.That(Layout(file, 64), Is.EqualTo(new string('.', 48) + new string('3', 16)));
        RequireAll(file, 64);
    }

    [Test]
    public void Folios_of_different_sizes_give_way_to_each_other()
    {
        var (cache, _, file) = Open(pages: 64, capacityPages: 16);
        for (var page = 0; page < 16; page++)
            file.GetFolio(page).Dispose();
        ReadAhead(file, 16, 8).Wait();
        Assert.That((Layout(file, 64)[16..24], cache.Statistics.PagesInUse), Is.EqualTo(("33333333", 16)));
        for (var page = 40; page < 56; page++)
            file.GetFolio(page).Dispose();
        Assert.That(Layout(file, 64)[16..24], Is.EqualTo("........"));
        RequireAll(file, 64);
    }

    [Test]
    public void A_reference_on_any_page_keeps_all_of_the_folio()
    {
        var (cache, _, file) = Open(pages: 16);
        ReadAhead(file, 0, 16).Wait();
        var folio = file.GetFolio(5);
        Assert.That(cache.Reclaim(100), Is.EqualTo(8));
        Assert.That(Layout(file, 16), Is.EqualTo("33333333........"));
        folio.Dispose();
        Assert.That(cache.Reclaim(1), Is.EqualTo(8), "it goes as a whole");
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void A_hit_of_any_page_spares_all_of_the_folio()
    {
        var (cache, _, file) = Open(pages: 24, capacityPages: 16);
        ReadAhead(file, 0, 8).Wait();
        ReadAhead(file, 8, 8).Wait();
        file.Read(6 * PageBytes, new byte[1]);
        ReadAhead(file, 16, 8).Wait();
        Assert.That(Layout(file, 24), Is.EqualTo("33333333" + "........" + "33333333"));
        Assert.That((Policy.Count, cache.Table.InUse), Is.EqualTo((16, 16)));
    }

    [Test]
    public void A_quota_counts_pages_and_a_folio_is_a_quarter_of_it_at_most()
    {
        var (_, _, file) = Open(pages: 64);
        file.QuotaPages = 16;
        ReadAhead(file, 0, 16).Wait();
        ReadAhead(file, 16, 16).Wait();
        Assert.That(file.PagesInUse, Is.EqualTo(16));
        Assert.That(Layout(file, 32), Is.EqualTo(new string('.', 16) + new string('2', 16)));
        file.QuotaPages = 5;
        Assert.That(file.PagesInUse, Is.EqualTo(4));
        ReadAhead(file, 40, 4).Wait();
        Assert.That(Layout(file, 44)[40..], Is.EqualTo("0000"));
        RequireAll(file, 64);
    }

    [Test]
    public void A_store_that_fails_leaves_nothing()
    {
        var (cache, store, file) = Open(pages: 16);
        store.Failure = new IOException("no");
        ReadAhead(file, 0, 16).Wait();
        store.Failure = null;
        Assert.That((cache.Statistics.PagesInUse, cache.Statistics.Fills, cache.Statistics.LargeFolios, Pool.Pages.AllocatedFrames), Is.EqualTo((0, 0L, 0L, 0L)));
        RequireAll(file, 16);
    }

    [Test]
    public void A_disposal_leaves_a_folio_that_is_held_to_its_holder()
    {
        var (cache, _, file) = Open(pages: 16);
        ReadAhead(file, 0, 16).Wait();
        var folio = file.GetFolio(13);
        file.Dispose();
        RequireContent(folio.Bytes, 8 * PageBytes);
        Assert.That((Pool.Pages.AllocatedFrames, cache.Statistics.PagesInUse), Is.EqualTo((8, 0)));
        folio.Dispose();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(11)]
    public void A_wrong_order_is_refused(int order) => Assert.That(() => Create(8, largestOrder: order), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
