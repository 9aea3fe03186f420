using FolioRuntime.Folios;
using FolioRuntime.PageCaching;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>What is written is read, from the cache at once and from the store later.</summary>
[TestFixture]
public sealed class PageCacheWriteTests : PageCacheFixture
{
    [Test]
    public void What_is_written_is_read_and_is_on_the_store_after_a_flush()
    {
        var store = new TestStore(3 * PageBytes);
        using var mapping = Create(8).Open(store);
        mapping.Write(PageBytes - 2, [1, 2, 3, 4]);
        var read = new byte[6];
        mapping.Read(PageBytes - 3, read);
        Assert.That(read, Is.EqualTo(new byte[] { TestStore.ByteAt(PageBytes - 3), 1, 2, 3, 4, TestStore.ByteAt(PageBytes + 2) }));
        Assert.That(store.Writes, Is.Zero);
        mapping.Flush();
        Assert.That((store.Writes, store.Flushes), Is.EqualTo((1, 1)), "neighbours are one write");
        Assert.That(store.ToArray()[(PageBytes - 3)..(PageBytes + 3)], Is.EqualTo(read));
        Assert.That(store.LengthBytes, Is.EqualTo(3 * PageBytes));
        mapping.Flush();
        Assert.That(store.Writes, Is.EqualTo(1));
    }

    [TestCase(0, PageBytes, 0)]
    [TestCase(0, PageBytes - 1, 1)]
    [TestCase(1, PageBytes, 2)]
    [TestCase(100, 3 * PageBytes, 2)]
    public void Only_pages_that_are_written_in_part_are_read(int offsetBytes, int lengthBytes, int reads)
    {
        var store = new TestStore(10 * PageBytes);
        var cache = Create(16);
        using var mapping = cache.Open(store);
        var source = new byte[lengthBytes];
        new Random(1).NextBytes(source);
        mapping.Write(offsetBytes, source);
        Assert.That(store.Reads, Is.EqualTo(reads));
        RequireBytes(mapping, offsetBytes, source);
        mapping.Flush();
        Assert.That(store.ToArray().AsSpan(offsetBytes, lengthBytes).SequenceEqual(source), Is.True);
        RequireContent(store.ToArray().AsSpan(0, offsetBytes), 0);
        RequireContent(store.ToArray().AsSpan(offsetBytes + lengthBytes), offsetBytes + lengthBytes);
    }

    [TestCase(1)]
    [TestCase(PageBytes)]
    public void Beyond_the_end_the_mapping_and_the_store_grow_with_zeros_between(int alignment)
    {
        var store = new TestStore(100) { AlignmentBytes = alignment };
        using var mapping = Create(8).Open(store);
        mapping.Write((3 * PageBytes) + 5, [7]);
        Assert.That(mapping.LengthBytes, Is.EqualTo((3 * PageBytes) + 6));
        var read = new byte[mapping.LengthBytes];
        Assert.That(mapping.Read(0, read), Is.EqualTo(read.Length));
        mapping.Flush();
        Assert.That(store.ToArray(), Is.EqualTo(read));
        RequireContent(read.AsSpan(..100), 0);
        Assert.That(read.AsSpan(100..^1).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(read[^1], Is.EqualTo(7));
    }

    [Test]
    public async Task So_it_is_when_it_is_awaited()
    {
        var store = new TestStore(20 * PageBytes);
        var cache = Create(32, backgroundPercent: 10, dirtyPercent: 20);
        using var mapping = cache.Open(store);
        var source = new byte[15 * PageBytes];
        new Random(2).NextBytes(source);
        await mapping.WriteAsync(1000, source);
        RequireBytes(mapping, 1000, source);
        await mapping.FlushAsync();
        Assert.That(store.ToArray().AsSpan(1000, source.Length).SequenceEqual(source), Is.True);
        Assert.That(store.Reads, Is.EqualTo(2), "the first and the last page");
        Assert.That(async () => await mapping.WriteAsync(0, source, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await mapping.FlushAsync(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_dirty_page_says_so_and_is_no_victim_until_it_is_written()
    {
        var cache = Create(4);
        using var mapping = cache.Open(new TestStore(10 * PageBytes));
        mapping.Write(0, [1]);
        Assert.That(FlagsOf(mapping, 0), Is.EqualTo(FolioFlags.UpToDate | FolioFlags.Dirty));
        Assert.That(cache.Statistics.DirtyPages, Is.EqualTo(1));
        Assert.That(cache.Reclaim(int.MaxValue), Is.Zero);
        mapping.Invalidate(0, long.MaxValue);
        RequireBytes(mapping, 0, [1]);
        mapping.Flush();
        Assert.That(FlagsOf(mapping, 0), Is.EqualTo(FolioFlags.UpToDate));
        Assert.That((cache.Statistics.DirtyPages, cache.Statistics.PagesWritten), Is.EqualTo((0L, 1L)));
        Assert.That(cache.Reclaim(int.MaxValue), Is.EqualTo(1));
        RequireBytes(mapping, 0, [1]);
    }

    [Test]
    public void What_is_written_while_a_page_is_being_written_is_written_afterwards()
    {
        var store = new TestStore(PageBytes);
        using var mapping = Create(4).Open(store);
        mapping.Write(0, [1]);
        store.OnWrite = _ =>
        {
            store.OnWrite = null;
            Assert.That(FlagsOf(mapping, 0), Is.EqualTo(FolioFlags.UpToDate | FolioFlags.Writeback));
            mapping.Write(1, [2]);
            Assert.That(FlagsOf(mapping, 0), Is.EqualTo(FolioFlags.UpToDate | FolioFlags.Writeback | FolioFlags.Dirty));
        };
        mapping.Flush();
        Assert.That(store.ToArray()[..2], Is.EqualTo(new byte[] { 1, TestStore.ByteAt(1) }));
        mapping.Flush();
        Assert.That(store.ToArray()[..2], Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void What_is_cut_off_is_not_written_and_a_page_that_is_cut_through_is()
    {
        var store = new TestStore(4 * PageBytes);
        var cache = Create(8);
        using var mapping = cache.Open(store);
        mapping.Write(0, Enumerable.Repeat((byte)9, 4 * PageBytes).ToArray());
        mapping.Truncate(PageBytes + 10);
        Assert.That(cache.Statistics.DirtyPages, Is.EqualTo(2));
        mapping.Truncate(4 * PageBytes);
        mapping.Flush();
        var bytes = store.ToArray();
        Assert.That(bytes.AsSpan(..(PageBytes + 10)).IndexOfAnyExcept((byte)9), Is.EqualTo(-1));
        Assert.That(bytes.AsSpan((PageBytes + 10)..).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        RequireBytes(mapping, 0, bytes);
    }

    [Test]
    public void The_mappings_end_writes_what_is_dirty_and_refuses_more()
    {
        var store = new TestStore(PageBytes);
        var mapping = Create(4).Open(store);
        mapping.Write(0, [1, 2, 3]);
        store.OnWrite = _ => Assert.That(() => mapping.Write(0, [9]), Throws.TypeOf<ObjectDisposedException>());
        mapping.Dispose();
        Assert.That((store.ToArray()[..3], store.Disposals, store.Flushes), Is.EqualTo((new byte[] { 1, 2, 3 }, 1, 0)));
        Assert.That(() => mapping.Write(0, [1]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => mapping.WriteAsync(0, new byte[1]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(mapping.Flush, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => mapping.Truncate(0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(mapping.AddOpener, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        using var mapping = Create(4).Open(new TestStore(10));
        Assert.That(() => mapping.Write(-1, [1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => mapping.Write(64L << 40, [1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => mapping.WriteAsync(long.MaxValue, new byte[1]), Throws.TypeOf<ArgumentOutOfRangeException>());
        mapping.Write(5, []);
        Assert.That(mapping.LengthBytes, Is.EqualTo(10));
        Assert.That(() => Create(4, backgroundPercent: 30, dirtyPercent: 20), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Create(4, dirtyPercent: 101), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Create(4, backgroundPercent: -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Where_every_page_is_held_a_write_is_refused_and_loses_nothing()
    {
        var store = new TestStore(5 * PageBytes);
        var cache = Create(2);
        using var mapping = cache.Open(store);
        var (first, second) = (mapping.GetFolio(0).Handle, mapping.GetFolio(1).Handle);
        Assert.That(() => mapping.Write(2 * PageBytes, [1]), Throws.TypeOf<OutOfMemoryException>().With.Message.Contains("All 2 pages"));
        Assert.That(() => mapping.Write(3 * PageBytes, new byte[PageBytes]), Throws.TypeOf<OutOfMemoryException>());
        var read = new byte[2 * PageBytes];
        mapping.Read(2 * PageBytes, read);
        RequireContent(read, 2 * PageBytes);
        mapping.Write(PageBytes, [5]);
        Pool.Folios.Put(first);
        mapping.Write(2 * PageBytes, [1]);
        RequireBytes(mapping, 2 * PageBytes, [1]);
        Pool.Folios.Put(second);
        mapping.Write(3 * PageBytes, [2]);
        RequireBytes(mapping, PageBytes, [5]);
    }

    [Test]
    public void A_page_that_cannot_be_read_is_not_written_in_part_but_is_as_a_whole()
    {
        var store = new TestStore(PageBytes) { Failure = new IOException("no disk") };
        using var mapping = Create(4).Open(store);
        Assert.That(() => mapping.Write(0, [1]), Throws.TypeOf<IOException>());
        Assert.That(async () => await mapping.WriteAsync(0, new byte[1]), Throws.TypeOf<IOException>());
        mapping.Write(0, Enumerable.Repeat((byte)3, PageBytes).ToArray());
        RequireBytes(mapping, 100, [3, 3]);
    }

    private static FolioFlags FlagsOf(PageMapping mapping, int index)
    {
        Assert.That(mapping.TryGetFolio(index, out var folio), Is.True);
        var flags = folio.Flags;
        folio.Dispose();
        return flags;
    }

    private static void RequireBytes(PageMapping mapping, long offsetBytes, byte[] expected)
    {
        var read = new byte[expected.Length];
        Assert.That(mapping.Read(offsetBytes, read), Is.EqualTo(read.Length));
        Assert.That(read.AsSpan().SequenceEqual(expected), Is.True);
    }
}
