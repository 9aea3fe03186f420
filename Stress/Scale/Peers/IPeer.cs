namespace FolioRuntime.Scale.Peers;

/// <summary>
/// A way to get memory and to give it back. Implemented by structs, so that each workload is compiled for each peer with nothing in between. What was
/// rented is passed back with its size: workloads know it anyway, and nobody has to keep it.
/// </summary>
/// <typeparam name="TItem">What stands for rented memory.</typeparam>
internal interface IPeer<TItem>
{
    TItem Rent(int sizeBytes);

    /// <summary>As <see cref="Rent"/>, and gives the memory at once, as those who go on to use it want it.</summary>
    Span<byte> RentBytes(int sizeBytes, out TItem item);

    void Return(TItem item, int sizeBytes);

    /// <summary>At least that many bytes of it.</summary>
    Span<byte> BytesOf(TItem item, int sizeBytes);
}
