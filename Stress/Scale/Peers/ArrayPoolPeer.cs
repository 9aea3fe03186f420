using System.Buffers;

namespace FolioRuntime.Scale.Peers;

/// <summary><see cref="ArrayPool{T}.Shared"/>.</summary>
internal readonly struct ArrayPoolPeer : IPeer<byte[]>
{
    public byte[] Rent(int sizeBytes) => ArrayPool<byte>.Shared.Rent(sizeBytes);

    public Span<byte> RentBytes(int sizeBytes, out byte[] item) => item = Rent(sizeBytes);

    public void Return(byte[] item, int sizeBytes) => ArrayPool<byte>.Shared.Return(item);

    public Span<byte> BytesOf(byte[] item, int sizeBytes) => item;
}
