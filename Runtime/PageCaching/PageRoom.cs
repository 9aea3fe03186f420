using System.Buffers;
using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <summary>Room for a page that is read while its reader awaits: the number, and the memory of the folio, on which there are two references. Made for each read. Not thread-safe.</summary>
internal sealed class PageRoom(FolioAllocator folios) : MemoryManager<byte>
{
    private FolioHandle _handle;

    /// <summary>The page's number; <see cref="PageCache.NoPage"/>: it finds no room in the cache.</summary>
    public int Page { get; private set; } = PageCache.NoPage;

    /// <summary>The reference; refers to nothing before <see cref="Take"/>.</summary>
    public FolioReference Reference => _handle.IsValid ? new FolioReference(folios, _handle) : default;

    /// <summary>Takes it.</summary>
    /// <exception cref="OutOfMemoryException">There is none. Nothing was taken.</exception>
    public void Take(PageCache cache, PageMapping mapping, long index)
    {
        Page = cache.TakeRoom(mapping, index, out var folio);
        _handle = folio.Handle;
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
