using System.Collections.Concurrent;

namespace FolioRuntime.Scale.Peers;

/// <summary>A pool as people write it: a <see cref="ConcurrentBag{T}"/> of arrays of one size.</summary>
internal readonly struct BagPeer(ConcurrentBag<byte[]> bag) : IPeer<byte[]>
{
    public byte[] Rent(int sizeBytes) => bag.TryTake(out var item) ? item : new byte[sizeBytes];

    public Span<byte> RentBytes(int sizeBytes, out byte[] item) => item = Rent(sizeBytes);

    public void Return(byte[] item, int sizeBytes) => bag.Add(item);

    public Span<byte> BytesOf(byte[] item, int sizeBytes) => item;
}
