using FolioRuntime.PageCaching;
using FolioRuntime.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.PageCaching.Stores;

/// <summary>What every store promises (<see cref="IPageStore"/>), the same for each.</summary>
[TestFixtureSource(typeof(StoreKind), nameof(StoreKind.All))]
public sealed class StoreContractTests(StoreKind kind) : StoreFixture
{
    private IPageStore _store = null!;

    [SetUp]
    public void Open() => _store = kind.Open(Folder);

    [TearDown]
    public void Close()
    {
        _store.Dispose();
        _store.Dispose();
    }

    [Test]
    public void It_is_empty_at_first_and_says_what_it_wants()
    {
        Assert.That(_store.LengthBytes, Is.Zero);
        Assert.That(_store.AlignmentBytes, Is.AnyOf(1, 512, PageBytes));
        Assert.That(_store.Read(Room(1).Span, 0), Is.Zero);
        Assert.That(_store.Read(Room(1).Span, 100 * PageBytes), Is.Zero);
    }

    [Test]
    public void What_is_written_is_read()
    {
        var pages = Pages(5, number: 1);
        _store.Write(pages.Span, 0);
        _store.Write(pages.Span[..PageBytes], 3 * PageBytes);
        var read = Room(8);
        Assert.That(_store.Read(read.Span, 0), Is.EqualTo(5 * PageBytes));
        Assert.That(read.Span[..(3 * PageBytes)].SequenceEqual(pages.Span[..(3 * PageBytes)]), Is.True);
        Assert.That(read.Span[(3 * PageBytes)..(4 * PageBytes)].SequenceEqual(pages.Span[..PageBytes]), Is.True);
        Assert.That(read.Span[(4 * PageBytes)..(5 * PageBytes)].SequenceEqual(pages.Span[(4 * PageBytes)..]), Is.True);
    }

    [Test]
    public void A_write_beyond_the_end_leaves_zeros_in_between()
    {
        var page = Pages(1, number: 2);
        _store.Write(page.Span, 700 * PageBytes);
        Assert.That(_store.LengthBytes, Is.EqualTo(701 * PageBytes));
        var read = Pages(2, number: 3);
        Assert.That(_store.Read(read.Span, 699 * PageBytes), Is.EqualTo(2 * PageBytes));
        Assert.That(read.Span[..PageBytes].IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(read.Span[PageBytes..].SequenceEqual(page.Span), Is.True);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(PageBytes)]
    [TestCase(PageBytes + 100)]
    [TestCase(600 * PageBytes)]
    [TestCase((600 * PageBytes) + 4095)]
    public void What_is_cut_off_is_zeros_when_it_grows_again(int lengthBytes)
    {
        var pages = Pages(700, number: 4);
        _store.Write(pages.Span, 0);
        _store.SetLength(lengthBytes);
        Assert.That(_store.LengthBytes, Is.EqualTo(lengthBytes));
        var read = Pages(700, number: 5);
        Assert.That(_store.Read(read.Span, 0), Is.EqualTo(lengthBytes), "fewer only at the end");
        _store.SetLength(700 * PageBytes);
        Assert.That(_store.Read(read.Span, 0), Is.EqualTo(read.Length));
        Assert.That(read.Span[..lengthBytes].SequenceEqual(pages.Span[..lengthBytes]), Is.True);
        Assert.That(read.Span[lengthBytes..].IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        _store.Write(pages.Span, 0);
        Assert.That(_store.Read(read.Span, 0), Is.EqualTo(read.Length));
        Assert.That(read.Span.SequenceEqual(pages.Span), Is.True);
    }

    [Test]
    public async Task Several_pieces_are_one_transfer()
    {
        var pages = Pages(6, number: 6);
        ReadOnlyMemory<byte>[] sources = [pages[..PageBytes], pages[PageBytes..(5 * PageBytes)], pages[(5 * PageBytes)..]];
        await _store.WriteAsync(sources, 2 * PageBytes, CancellationToken.None);
        _store.SetLength((8 * PageBytes) - 10);
        var read = Room(9);
        Memory<byte>[] destinations = [read[..(2 * PageBytes)], read[(2 * PageBytes)..(3 * PageBytes)], read[(3 * PageBytes)..]];
        Assert.That(await _store.ReadAsync(destinations, 0, CancellationToken.None), Is.EqualTo((8 * PageBytes) - 10));
        Assert.That(read.Span[..(2 * PageBytes)].IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(read.Span[(2 * PageBytes)..((8 * PageBytes) - 10)].SequenceEqual(pages.Span[..^10]), Is.True);
        Assert.That(async () => await _store.ReadAsync(destinations, 0, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Different_pages_are_written_and_read_by_many_at_once()
    {
        const int Threads = 4;
        const int Pages = 40;
        TestThreads.Run(Threads, thread =>
        {
            var room = Room(1);
            for (var turn = 0; turn < 3; turn++)
            {
                for (var page = thread; page < Pages * Threads; page += Threads)
                    _store.Write(StoreFixture.Pages(1, page + turn).Span, (long)page * PageBytes);
                for (var page = thread; page < Pages * Threads; page += Threads)
                {
                    Assert.That(_store.Read(room.Span, (long)page * PageBytes), Is.EqualTo(PageBytes));
                    Assert.That(room.Span.SequenceEqual(StoreFixture.Pages(1, page + turn).Span), Is.True);
                }
            }
        });
    }

    [Test]
    public void What_lasts_is_there_for_the_next_one()
    {
        if (!kind.Lasts)
            return;
        var pages = Pages(520, number: 7);
        _store.Write(pages.Span, 0);
        _store.SetLength(pages.Length - 77);
        _store.Flush();
        _store.Dispose();
        using var again = kind.Open(Folder);
        Assert.That(again.LengthBytes, Is.EqualTo(pages.Length - 77));
        var read = Room(520);
        Assert.That(again.Read(read.Span, 0), Is.EqualTo(pages.Length - 77));
        Assert.That(read.Span[..^77].SequenceEqual(pages.Span[..^77]), Is.True);
    }

    [Test]
    public void Wrong_use_is_refused_and_changes_nothing()
    {
        _store.Write(Pages(1, number: 8).Span, 0);
        Assert.That(() => _store.SetLength(-1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _store.Write(Room(1).Span, -PageBytes), Throws.InstanceOf<ArgumentException>());
        if (_store.AlignmentBytes > 1)
        {
            Assert.That(() => _store.Write(Room(1).Span, 1), Throws.ArgumentException);
            Assert.That(() => _store.Write(Room(1).Span[..^1], 0), Throws.ArgumentException);
            Assert.That(() => _store.Read(Room(2).Span.Slice(1, PageBytes), 0), Throws.ArgumentException);
        }

        Assert.That(_store.LengthBytes, Is.EqualTo(PageBytes));
        _store.Dispose();
        Assert.That(() => _store.Read(Room(1).Span, 0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_store.Flush, Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase(MemoryBacking.Native)]
    [TestCase(MemoryBacking.PinnedArrays)]
    public async Task A_cache_reads_through_it(MemoryBacking backing)
    {
        var pages = Pages(20, number: 9);
        _store.Write(pages.Span, 0);
        _store.SetLength(pages.Length - 100);
        using var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 16 << 20, Backing = backing });
        using var cache = runtime.CreatePageCache(new PageCacheOptions { CapacityPages = 8 });
        var mapping = cache.Open(kind.Lasts ? kind.Open(Folder) : _store);
        var read = new byte[pages.Length];
        Assert.That(mapping.Read(0, read), Is.EqualTo(pages.Length - 100));
        Assert.That(read.AsSpan(..^100).SequenceEqual(pages.Span[..^100]), Is.True);
        Assert.That(await mapping.ReadAsync(10, read), Is.EqualTo(pages.Length - 110));
        Assert.That(read.AsSpan(..^110).SequenceEqual(pages.Span[10..^100]), Is.True);
    }
}
