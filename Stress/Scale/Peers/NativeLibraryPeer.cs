namespace FolioRuntime.Scale.Peers;

/// <summary>malloc and free of a library, called without a transition of the garbage collector's mode: the cheapest call there is into native code.</summary>
internal readonly unsafe struct NativeLibraryPeer(nint allocate, nint free) : IPeer<nint>
{
    // SAFETY: both are what the library's header says, neither blocks for long nor calls back.
    public nint Rent(int sizeBytes) => ((delegate* unmanaged[SuppressGCTransition]<nuint, nint>)allocate)((nuint)sizeBytes);

    public Span<byte> RentBytes(int sizeBytes, out nint item)
    {
        item = Rent(sizeBytes);
        return BytesOf(item, sizeBytes);
    }

    public void Return(nint item, int sizeBytes) => ((delegate* unmanaged[SuppressGCTransition]<nint, void>)free)(item);

    // SAFETY: the caller has rented so many bytes there.
    public Span<byte> BytesOf(nint item, int sizeBytes) => new((void*)item, sizeBytes);
}
