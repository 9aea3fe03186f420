using System.Threading.Channels;

namespace FolioRuntime.Scale.Peers;

/// <summary>Another: a <see cref="Channel{T}"/> of arrays of one size.</summary>
internal readonly struct ChannelPeer(Channel<byte[]> channel) : IPeer<byte[]>
{
    public byte[] Rent(int sizeBytes) => channel.Reader.TryRead(out var item) ? item : new byte[sizeBytes];

    public Span<byte> RentBytes(int sizeBytes, out byte[] item) => item = Rent(sizeBytes);

    public void Return(byte[] item, int sizeBytes) => channel.Writer.TryWrite(item);

    public Span<byte> BytesOf(byte[] item, int sizeBytes) => item;
}
