using System.Buffers.Binary;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>
/// The blocks of checksums of a <see cref="ChecksummedPageStore"/>, in memory once they were needed: 8 bytes a page. Blocks are loaded and written by one thread at a time; entries are read by any.
/// <code>
///   entry:  [ checksum of the content that is there, or that is being written : 32 | of the content before it : 32 ]      the same twice: which one is there is known
/// </code>
/// </summary>
internal sealed class ChecksumBlocks(IPageStore inner) : IDisposable
{
    private const int PageBytes = PageOrder.FrameBytes;
    private const int PagesPerBlock = ChecksumLayout.PagesPerBlock;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Memory<byte> _buffer = AlignedMemory.Allocate(PageBytes, PageBytes);

    // Under the latch, which no code of others is called under.
    private readonly Latch _latch = new();
    private readonly Dictionary<long, ulong[]> _blocks = [];

    /// <summary>Whether a content is what was written, or what was there before.</summary>
    public bool Accepts(long index, uint checksum)
    {
        var entry = EntriesOf(index / PagesPerBlock) is { } entries ? Atomics.LoadAcquire(ref entries[index % PagesPerBlock]) : 0;
        return checksum == Current(entry) || checksum == Before(entry);
    }

    /// <summary>Has the block say, on the store too, that pages are about to be written.</summary>
    public void Begin(long index, ReadOnlySpan<byte> pages)
    {
        var entries = EntriesOf(index / PagesPerBlock);
        _writing.Wait();
        try
        {
            for (var page = 0; page * PageBytes < pages.Length; page++)
            {
                ref var entry = ref entries[(index + page) % PagesPerBlock];
                var before = Current(entry) == Before(entry) ? Current(entry) : Find(index + page, entry);
                Atomics.StoreRelease(ref entry, EntryOf(ChecksumLayout.Of(index + page, pages.Slice(page * PageBytes, PageBytes)), before));
            }

            Write(index / PagesPerBlock, entries);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The pages have been written: what was there before is not good any more. The store is told the next time.</summary>
    public void End(long index, int pages)
    {
        var entries = EntriesOf(index / PagesPerBlock);
        for (var page = 0; page < pages; page++)
        {
            ref var entry = ref entries[(index + page) % PagesPerBlock];
            Atomics.StoreRelease(ref entry, EntryOf(Current(entry), Current(entry)));
        }
    }

    /// <summary>Pages from an index on are about to be cut off: they are zeros if they come back.</summary>
    public void Forget(long index)
    {
        var (block, within) = Math.DivRem(index, PagesPerBlock);
        _writing.Wait();
        try
        {
            using (_latch.Hold())
            {
                foreach (var later in _blocks.Keys.Where(known => known > block || (known == block && within == 0)).ToArray())
                    _blocks.Remove(later);
            }

            if (within == 0 || inner.LengthBytes <= ChecksumLayout.PositionOfBlock(block))
                return;
            var entries = EntriesOf(block);
            if (!entries.AsSpan((int)within).ContainsAnyExcept(0ul))
                return;
            for (var page = within; page < PagesPerBlock; page++)
                Atomics.StoreRelease(ref entries[page], EntryOf(0, Current(entries[page])));
            Write(block, entries);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private static uint Current(ulong entry) => (uint)(entry >> 32);

    private static uint Before(ulong entry) => (uint)entry;

    private static ulong EntryOf(uint current, uint before) => ((ulong)current << 32) | before;

    /// <summary>Which of the two contents is there: a write failed, or a process ended in the middle of one. A page that is neither is torn, and gets no worse.</summary>
    private uint Find(long index, ulong entry)
    {
        var page = AlignedMemory.Allocate(PageBytes, PageBytes).Span;
        page[inner.Read(page, ChecksumLayout.PositionOf(index))..].Clear();
        return ChecksumLayout.Of(index, page) == Before(entry) ? Before(entry) : Current(entry);
    }

    private ulong[] EntriesOf(long block)
    {
        using (_latch.Hold())
        {
            if (_blocks.TryGetValue(block, out var known))
                return known;
        }

        // Two may load one: the first to come back counts. Nobody has changed it before that.
        var bytes = AlignedMemory.Allocate(PageBytes, PageBytes).Span;
        bytes[inner.Read(bytes, ChecksumLayout.PositionOfBlock(block))..].Clear();
        var entries = new ulong[PagesPerBlock];
        for (var page = 0; page < PagesPerBlock; page++)
            entries[page] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(page * sizeof(ulong))..]);
        using (_latch.Hold())
            return _blocks.TryAdd(block, entries) ? entries : _blocks[block];
    }

    private void Write(long block, ulong[] entries)
    {
        for (var page = 0; page < PagesPerBlock; page++)
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer.Span[(page * sizeof(ulong))..], entries[page]);
        inner.Write(_buffer.Span, ChecksumLayout.PositionOfBlock(block));
    }
}
