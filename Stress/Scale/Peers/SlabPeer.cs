using FolioRuntime.Slabs;

namespace FolioRuntime.Scale.Peers;

/// <summary>One cache of this runtime, for pieces of one size.</summary>
internal readonly struct SlabPeer(SlabCache cache) : IPeer<SlabHandle>
{
    public SlabHandle Rent(int sizeBytes) => cache.Rent();

    public void Return(SlabHandle item, int sizeBytes) => cache.Return(item);

    public Span<byte> BytesOf(SlabHandle item, int sizeBytes) => cache.BytesOf(item);
}
