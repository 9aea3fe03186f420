using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Scale.Peers;

/// <summary><see cref="DefaultObjectPool{T}"/> of arrays of one size.</summary>
internal readonly struct ObjectPoolPeer(DefaultObjectPool<byte[]> pool) : IPeer<byte[]>
{
    public byte[] Rent(int sizeBytes) => pool.Get();

    public Span<byte> RentBytes(int sizeBytes, out byte[] item) => item = Rent(sizeBytes);

    public void Return(byte[] item, int sizeBytes) => pool.Return(item);

    public Span<byte> BytesOf(byte[] item, int sizeBytes) => item;
}
