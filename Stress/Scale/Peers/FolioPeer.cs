using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.Scale.Peers;

/// <summary>Folios of order 0: pieces of one frame, 4 KiB.</summary>
internal readonly struct FolioPeer(FolioAllocator folios) : IPeer<FolioHandle>
{
    public FolioHandle Rent(int sizeBytes) => folios.Rent(new PageOrder(0));

    public Span<byte> RentBytes(int sizeBytes, out FolioHandle item)
    {
        item = Rent(sizeBytes);
        return BytesOf(item, sizeBytes);
    }

    public void Return(FolioHandle item, int sizeBytes) => folios.Return(item);

    public Span<byte> BytesOf(FolioHandle item, int sizeBytes)
    {
        // The owner's hold keeps the memory after the reference is gone.
        if (!folios.TryGet(item, out var folio))
            throw new InvalidOperationException($"{item} is rented.");
        var bytes = folio.Bytes;
        folio.Dispose();
        return bytes;
    }
}
