using FolioRuntime.PageCaching.Stores;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Stores;

/// <summary>A page that isn't what was written is an error; one whose write didn't come to its end isn't.</summary>
[TestFixture]
public sealed class ChecksummedStoreTests : StoreFixture
{
    // What begins a group: its block. Pages follow.
    private const int FirstPage = PageBytes;

    [Test]
    public void A_bit_that_turned_is_noticed_in_each_byte_of_a_page()
    {
        using var inner = new MemoryPageStore();
        using var store = new ChecksummedPageStore(inner);
        store.Write(Pages(3, 1).Span, 0);
        for (var position = 0; position < PageBytes; position += 97)
        {
            Turn(inner, FirstPage + PageBytes + position);
            Assert.That(() => store.Read(Room(1).Span, PageBytes), Throws.TypeOf<PageChecksumException>().With.Property("Index").EqualTo(1));
            Assert.That(() => store.Read(Room(3).Span, 0), Throws.TypeOf<PageChecksumException>().With.Message.Contains("Page 1 "));
            Assert.That(store.Read(Room(1).Span, 2 * PageBytes), Is.EqualTo(PageBytes), "the others are good");
            Turn(inner, FirstPage + PageBytes + position);
        }

        Assert.That(store.Read(Room(3).Span, 0), Is.EqualTo(3 * PageBytes));
    }

    [Test]
    public void A_page_in_anothers_place_is_noticed()
    {
        using var inner = new MemoryPageStore();
        using var store = new ChecksummedPageStore(inner);
        store.Write(Pages(2, 1).Span, 0);
        var page = Room(1);
        inner.Read(page.Span, FirstPage);
        inner.Write(page.Span, FirstPage + PageBytes);
        Assert.That(() => store.Read(page.Span, PageBytes), Throws.TypeOf<PageChecksumException>());
    }

    [Test]
    public void A_hole_with_something_in_it_is_noticed()
    {
        using var inner = new MemoryPageStore();
        using var store = new ChecksummedPageStore(inner);
        store.SetLength(PageBytes);
        Assert.That(store.Read(Room(1).Span, 0), Is.EqualTo(PageBytes));
        Turn(inner, FirstPage + 9);
        Assert.That(() => store.Read(Room(1).Span, 0), Throws.TypeOf<PageChecksumException>());
    }

    /// <summary>A process that ends before, between or after the two writes that a page takes: the content before or after, and no error. What comes next is as good.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void A_write_that_stopped_leaves_one_content_or_the_other(int failingWrite)
    {
        var inner = new MemoryPageStore();
        var (before, after, last) = (Pages(4, 1), Pages(4, 2), Pages(4, 3));
        new ChecksummedPageStore(inner).Write(before.Span, 0);
        var stopping = new ChecksummedPageStore(new FaultInjectingPageStore(inner, 1, new PageStoreFaultRule(PageStoreOperations.Write, PageStoreFault.Fail) { At = failingWrite }));
        if (failingWrite < 3)
            Assert.That(() => stopping.Write(after.Span, 0), Throws.TypeOf<InjectedFaultException>());
        else
            stopping.Write(after.Span, 0);
        RequireContent(stopping, failingWrite < 3 ? before : after);
        var next = new ChecksummedPageStore(inner);
        RequireContent(next, failingWrite < 3 ? before : after);

        // Again stopped before the page, so that what the block says of the content before is put to the test.
        var again = new ChecksummedPageStore(new FaultInjectingPageStore(inner, 1, new PageStoreFaultRule(PageStoreOperations.Write, PageStoreFault.Fail) { At = 2 }));
        Assert.That(() => again.Write(last.Span, 0), Throws.TypeOf<InjectedFaultException>());
        RequireContent(new ChecksummedPageStore(inner), failingWrite < 3 ? before : after);
        next = new ChecksummedPageStore(inner);
        next.Write(last.Span, 0);
        RequireContent(new ChecksummedPageStore(inner), last);
        inner.Dispose();
    }

    [Test]
    public void A_torn_write_is_noticed_and_written_over()
    {
        var inner = new MemoryPageStore();
        new ChecksummedPageStore(inner).Write(Pages(1, 1).Span, 0);
        using var tearing = new ChecksummedPageStore(new FaultInjectingPageStore(inner, 4, new PageStoreFaultRule(PageStoreOperations.Write, PageStoreFault.Tear) { At = 2 }));
        tearing.Write(Pages(1, 2).Span, 0);
        Assert.That(() => tearing.Read(Room(1).Span, 0), Throws.TypeOf<PageChecksumException>());
        tearing.Write(Pages(1, 3).Span, 0);
        RequireContent(tearing, Pages(1, 3));
    }

    [Test]
    public void A_page_that_rots_while_it_is_read_is_noticed_by_whoever_reads_it_through_a_cache()
    {
        var inner = new MemoryPageStore();
        new ChecksummedPageStore(inner).Write(Pages(2, 1).Span, 0);
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20 });
        using var cache = runtime.CreatePageCache(new FolioRuntime.PageCaching.PageCacheOptions { CapacityPages = 4 });
        var rotten = new FaultInjectingPageStore(inner, 1, new PageStoreFaultRule(PageStoreOperations.Read, PageStoreFault.Tear) { At = 1 });
        var mapping = cache.Open(new ChecksummedPageStore(rotten));
        Assert.That(() => mapping.Read(0, new byte[10]), Throws.TypeOf<PageChecksumException>());
        Assert.That(cache.Statistics.PagesInUse, Is.Zero);
    }

    [Test]
    public void Lengths_go_there_and_back()
    {
        for (var length = 0L; length < 3 * 520 * PageBytes; length += 1111)
            Assert.That(ChecksumLayout.OuterLength(ChecksumLayout.InnerLength(length)), Is.EqualTo(length));
    }

    private static void RequireContent(ChecksummedPageStore store, Memory<byte> pages)
    {
        var read = Room(pages.Length / PageBytes);
        Assert.That(store.Read(read.Span, 0), Is.EqualTo(pages.Length));
        Assert.That(read.Span.SequenceEqual(pages.Span), Is.True);
    }

    private static void Turn(MemoryPageStore inner, long position)
    {
        Span<byte> one = stackalloc byte[1];
        inner.Read(one, position);
        one[0] ^= 0x10;
        inner.Write(one, position);
    }
}
