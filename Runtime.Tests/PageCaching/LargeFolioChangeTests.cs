using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Folios of several pages of which one is written, cut off, dropped or zeroed: the others stay as they are.</summary>
[TestFixture]
internal sealed class LargeFolioChangeTests : LargeFolioFixture
{
    [Test]
    public void A_write_makes_one_page_dirty_and_only_that_is_written()
    {
        var (cache, store, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        var offsets = new List<long>();
        store.OnWrite = offsets.Add;
        file.Write((3 * PageBytes) + 10, new byte[20]);
        Assert.That(cache.Statistics.DirtyPages, Is.EqualTo(1));
        Assert.That(cache.Reclaim(8), Is.Zero, "C6: a folio with a dirty page is nobody's victim");
        file.Flush();
        Assert.That((cache.Statistics.DirtyPages, cache.Statistics.PagesWritten), Is.EqualTo((0L, 1L)));
        Assert.That(offsets, Is.EqualTo(new[] { 3L * PageBytes }));
        var expected = new TestStore(8 * PageBytes).ToArray();
        expected.AsSpan((3 * PageBytes) + 10, 20).Clear();
        Assert.That(store.ToArray(), Is.EqualTo(expected));
        Assert.That((Layout(file, 8), cache.Reclaim(8)), Is.EqualTo(("33333333", 8)));
    }

    [Test]
    public void Neighbours_that_are_dirty_are_written_in_one_go()
    {
        var (cache, store, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        var bytes = Enumerable.Repeat((byte)9, 3 * PageBytes).ToArray();
        file.Write((2 * PageBytes) + 1, bytes);
        Assert.That(cache.Statistics.DirtyPages, Is.EqualTo(4));
        file.Flush();
        Assert.That(store.Writes, Is.EqualTo(1));
        Assert.That(store.ToArray().AsSpan((2 * PageBytes) + 1, bytes.Length).SequenceEqual(bytes), Is.True);
    }

    [TestCase(2, 100)]
    [TestCase(3, 0)]
    [TestCase(0, 0)]
    [TestCase(7, 4095)]
    public void A_cut_in_the_middle_keeps_what_is_before_it(int page, int within)
    {
        var (cache, _, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        file.Write(6 * PageBytes, new byte[1]);
        var length = (page * PageBytes) + within;
        file.Truncate(length);
        var kept = page + (within == 0 ? 0 : 1);
        Assert.That(Layout(file, 8), Is.EqualTo(new string('3', kept).PadRight(8, '.')));
        Assert.That(cache.Statistics.PagesInUse, Is.EqualTo(kept == 0 ? 0 : 8), "its frames stay with it");
        Assert.That(cache.Statistics.DirtyPages, Is.EqualTo(kept > 6 ? 1 : 0));
        file.Truncate(8 * PageBytes);
        var bytes = new byte[8 * PageBytes];
        Assert.That(file.Read(0, bytes), Is.EqualTo(bytes.Length));
        var expected = new TestStore(8 * PageBytes).ToArray();
        expected.AsSpan(Math.Min(length, 6 * PageBytes), length > 6 * PageBytes ? 1 : 0).Clear();
        expected.AsSpan(length).Clear();
        Assert.That(bytes, Is.EqualTo(expected));
        file.Flush();
        Assert.That(cache.Reclaim(100), Is.EqualTo(kept == 0 ? 8 : 8 + 8 - kept), "the folio counts as a whole until it goes");
    }

    [Test]
    public void A_page_that_is_dropped_is_read_anew_and_the_last_one_ends_the_folio()
    {
        var (cache, store, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        file.Invalidate(4 * PageBytes, 1);
        Assert.That((Layout(file, 8), cache.Statistics.PagesInUse), Is.EqualTo(("3333.333", 8)));
        RequireAll(file, 8);
        Assert.That((Layout(file, 8), cache.Statistics.PagesInUse, store.Reads), Is.EqualTo(("33330333", 9, 2)));
        file.Invalidate(0, 4 * PageBytes);
        Assert.That(cache.Statistics.PagesInUse, Is.EqualTo(9));
        file.Invalidate(5 * PageBytes, 3 * PageBytes);
        Assert.That((Layout(file, 8), cache.Statistics.PagesInUse, Pool.Pages.AllocatedFrames), Is.EqualTo(("....0...", 1, 1L)));
    }

    [Test]
    public void A_page_that_is_dirty_is_not_dropped_with_its_neighbours()
    {
        var (cache, _, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        file.Write(5 * PageBytes, [1, 2, 3]);
        file.Invalidate(0, long.MaxValue);
        Assert.That((Layout(file, 8), cache.Statistics.PagesInUse, cache.Reclaim(8)), Is.EqualTo((".....3..", 8, 0)));
        file.Flush();
        file.Invalidate(0, long.MaxValue);
        Assert.That((cache.Statistics.PagesInUse, Pool.Pages.AllocatedFrames), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void A_hole_drops_whole_pages_and_zeroes_parts()
    {
        var (_, store, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        file.Write(3 * PageBytes, new byte[1]);
        var (from, length) = (PageBytes + 100, (3 * PageBytes) + 7);
        file.PunchHole(from, length);
        Assert.That(Layout(file, 8), Is.EqualTo("33..3333"));
        var expected = new TestStore(8 * PageBytes).ToArray();
        expected.AsSpan(from, length).Clear();
        var bytes = new byte[8 * PageBytes];
        Assert.That(file.Read(0, bytes), Is.EqualTo(bytes.Length));
        Assert.That(bytes, Is.EqualTo(expected));
        file.Flush();
        Assert.That(store.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Of_a_folio_that_is_being_filled_only_what_was_not_cut_off_comes_in()
    {
        var (cache, store, file) = Open(pages: 8);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var ahead = ReadAhead(file, 0, 8);
        file.Invalidate(2 * PageBytes, 2 * PageBytes);
        gate.SetResult();
        ahead.Wait();
        Assert.That(Layout(file, 8), Is.EqualTo("33..3333"));
        Assert.That((cache.Statistics.FillsDiscarded, cache.Statistics.PagesInUse), Is.EqualTo((2L, 8)));
        RequireAll(file, 8);
        file.Invalidate(0, long.MaxValue);
        Assert.That(cache.Statistics.PagesInUse, Is.Zero);

        gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        ahead = ReadAhead(file, 0, 8);
        file.Truncate(0);
        file.Truncate(8 * PageBytes);
        gate.SetResult();
        ahead.Wait();
        Assert.That((cache.Statistics.PagesInUse, Pool.Pages.AllocatedFrames), Is.EqualTo((0, 0L)), "nothing of one that is cut off as a whole");
        var bytes = new byte[8 * PageBytes];
        Assert.That((file.Read(0, bytes), bytes.AsSpan().ContainsAnyExcept((byte)0)), Is.EqualTo((bytes.Length, false)));
    }

    [Test]
    public void Somebodys_reference_keeps_a_page_that_is_dropped_from_nobody_else()
    {
        var (_, _, file) = Open(pages: 8);
        ReadAhead(file, 0, 8).Wait();
        var folio = file.GetFolio(3);
        file.Invalidate(3 * PageBytes, 1);
        Assert.That(file.TryGetFolio(3, out _), Is.False);
        RequireContent(folio.Bytes, 0);
        file.Write(3 * PageBytes, [77]);
        Assert.That(folio.Bytes[3 * PageBytes], Is.EqualTo(TestStore.ByteAt(3 * PageBytes)), "it is written elsewhere");
        folio.Dispose();
        Assert.That(Layout(file, 8), Is.EqualTo("33303333"));
    }

    [Test]
    public void Threads_read_write_drop_and_reclaim_and_every_byte_is_right()
    {
        const int Pages = 64;
        var cache = Create(32, readaheadPages: 32, largestOrder: 3, backgroundPercent: 10, dirtyPercent: 30);
        var file = cache.Open(new TestStore(Pages * PageBytes));
        TestThreads.Run(4, thread =>
        {
            var random = new Random(thread);
            var bytes = new byte[5 * PageBytes];
            for (var i = 0; i < 3_000; i++)
            {
                var offset = random.Next((Pages * PageBytes) - bytes.Length);
                var part = bytes.AsSpan(..(i % 3 == 0 ? bytes.Length : 64));
                switch (i % 16)
                {
                    case 0:
                        file.Invalidate(offset, 5000);
                        break;
                    case 1:
                        // What is there already: so each byte is right at any time.
                        for (var at = 0; at < 500; at++)
                            bytes[at] = TestStore.ByteAt(offset + at);
                        file.Write(offset, bytes.AsSpan(..500));
                        break;
                    case 2:
                        ReadAhead(file, offset / PageBytes & -8, 8).Wait();
                        break;
                    case 3:
                        cache.Reclaim(8);
                        break;
                    case 4 when file.TryGetFolio(offset / PageBytes, out var folio):
                        RequireContent(folio.Bytes.Slice(PageMapping.OffsetInFolio(folio, offset / PageBytes), PageBytes), offset / PageBytes * PageBytes);
                        folio.Dispose();
                        break;
                }

                Assert.That(file.Read(offset, part), Is.EqualTo(part.Length));
                RequireContent(part, offset);
            }
        });
        Assert.That(SpinWait.SpinUntil(() => cache.PagesUnderWayAhead == 0, TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(cache.Statistics.LargeFolios, Is.Positive);
        Assert.That(Violations, Is.Empty);
        file.Flush();
    }
}
