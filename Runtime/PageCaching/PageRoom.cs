using System.Buffers;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>Room for what is read while its reader awaits, a page or a folio of several: the number, and the memory of the folio, on which there are two references. Made for each read. Not thread-safe.</summary>
internal sealed class PageRoom(FolioAllocator folios) : MemoryManager<byte>
{
    private FolioHandle _handle;

    /// <summary>The page's number; <see cref="PageCache.NoPage"/>: it finds no room in the cache.</summary>
    public int Page { get; private set; } = PageCache.NoPage;

    /// <summary>How many pages it has room for.</summary>
    public int Pages { get; private set; } = 1;

    /// <summary>The reference; refers to nothing before <see cref="Take"/>.</summary>
    public FolioReference Reference => _handle.IsValid ? new FolioReference(folios, _handle) : default;

    /// <summary>Takes it.</summary>
    /// <exception cref="OutOfMemoryException">There is none. Nothing was taken.</exception>
    public void Take(PageCache cache, PageMapping mapping, long index)
    {
        Page = cache.TakeRoom(mapping, index, out var folio);
        _handle = folio.Handle;
    }

    /// <summary>As <see cref="Take(PageCache, PageMapping, long)"/>, for a folio of several pages. False: there is none of this size. Nothing was taken.</summary>
    public bool TryTake(PageCache cache, PageMapping mapping, long index, PageOrder order)
    {
        if (!cache.TryTakeLargeRoom(mapping, index, order, out var page, out var folio))
            return false;
        (Page, Pages, _handle) = (page, order.FrameCount, folio.Handle);
        return true;
    }

    public override Span<byte> GetSpan() => folios.BytesOf(_handle);

    // SAFETY: a folio's memory never moves, and the reference, which whoever reads has until the read is over, keeps it.
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        fixed (byte* address = GetSpan()[elementIndex..])
            return new MemoryHandle(address, pinnable: this);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
