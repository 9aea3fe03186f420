using System.Runtime.InteropServices;

namespace FolioRuntime.Scale.Peers;

/// <summary><see cref="NativeMemory"/>: the C library's malloc and free.</summary>
internal readonly unsafe struct NativeMemoryPeer : IPeer<nint>
{
    public nint Rent(int sizeBytes) => (nint)NativeMemory.Alloc((nuint)sizeBytes);

    public Span<byte> RentBytes(int sizeBytes, out nint item)
    {
        item = Rent(sizeBytes);
        return BytesOf(item, sizeBytes);
    }

    public void Return(nint item, int sizeBytes) => NativeMemory.Free((void*)item);

    // SAFETY: the caller has rented so many bytes there.
    public Span<byte> BytesOf(nint item, int sizeBytes) => new((void*)item, sizeBytes);
}
