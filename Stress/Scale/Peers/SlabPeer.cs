using FolioRuntime.Slabs;

namespace FolioRuntime.Scale.Peers;

/// <summary>One cache of this runtime, for pieces of one size.</summary>
internal readonly struct SlabPeer(SlabCache cache) : IPeer<SlabHandle>, IManyPeer<SlabHandle>
{
    public SlabHandle Rent(int sizeBytes) => cache.Rent();

    public Span<byte> RentBytes(int sizeBytes, out SlabHandle item)
    {
        item = cache.Rent(out var bytes);
        return bytes;
    }

    public void Return(SlabHandle item, int sizeBytes) => cache.Return(item);

    public void RentMany(Span<SlabHandle> items)
    {
        if (cache.TryRentMany(items) != items.Length)
            throw new InvalidOperationException("The cache has no memory left.");
    }

    public void ReturnMany(ReadOnlySpan<SlabHandle> items) => cache.ReturnMany(items);

    public Span<byte> BytesOf(SlabHandle item, int sizeBytes) => cache.BytesOf(item);
}
