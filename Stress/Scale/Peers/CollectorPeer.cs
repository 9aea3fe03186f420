namespace FolioRuntime.Scale.Peers;

/// <summary>No pool: <c>new</c>, and the collector.</summary>
internal readonly struct CollectorPeer : IPeer<byte[]>
{
    public byte[] Rent(int sizeBytes) => new byte[sizeBytes];

    public Span<byte> RentBytes(int sizeBytes, out byte[] item) => item = Rent(sizeBytes);

    public void Return(byte[] item, int sizeBytes)
    {
        // The collector's.
    }

    public Span<byte> BytesOf(byte[] item, int sizeBytes) => item;
}
