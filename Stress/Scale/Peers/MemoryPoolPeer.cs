using System.Buffers;

namespace FolioRuntime.Scale.Peers;

/// <summary>Any <see cref="MemoryPool{T}"/>: the shared one, or Kestrel's.</summary>
internal readonly struct MemoryPoolPeer(MemoryPool<byte> pool) : IPeer<IMemoryOwner<byte>>
{
    public IMemoryOwner<byte> Rent(int sizeBytes) => pool.Rent(sizeBytes);

    public Span<byte> RentBytes(int sizeBytes, out IMemoryOwner<byte> item)
    {
        item = Rent(sizeBytes);
        return BytesOf(item, sizeBytes);
    }

    public void Return(IMemoryOwner<byte> item, int sizeBytes) => item.Dispose();

    public Span<byte> BytesOf(IMemoryOwner<byte> item, int sizeBytes) => item.Memory.Span;
}
