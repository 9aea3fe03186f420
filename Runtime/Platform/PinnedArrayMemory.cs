namespace FolioRuntime.Platform;

/// <summary>
/// Memory made of arrays that the collector never moves, for code that insists on an array behind its memory (Kestrel's
/// socket transport refuses to send anything else). Each region is one array.
/// <code>
///   array:   | unused, less than the alignment | Base ... Base + SizeBytes | unused |
/// </code>
/// The price, beside the native backing: the collector's heap grows by the whole region when it is reserved (untouched, so
/// address space and commitment rather than resident memory) and counts it against its limit; discarding gives
/// memory back on Linux only; and one array ends just below 2 GiB, alignment included, which is an ordinary refusal: reserve less.
/// </summary>
internal sealed class PinnedArrayMemory : IVirtualMemory
{
    private const string Call = "GC.AllocateUninitializedArray";

    /// <summary>An array has no pages of its own; the system's keep one unit for both backings.</summary>
    public int PageBytes { get; } = Environment.SystemPageSize;

    /// <inheritdoc/>
    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes)
    {
        var alignment = ReservationArguments.Require(sizeBytes, alignmentBytes, PageBytes);
        var arrayBytes = checked(sizeBytes + alignment - 1);
        if (arrayBytes > Array.MaxLength)
            throw new VirtualMemoryException(Call, sizeBytes, $"one array holds {Array.MaxLength} bytes at most, alignment included", innerException: null);
        return new PinnedArrayRegion(Allocate((int)arrayBytes, sizeBytes), sizeBytes, alignment, PageBytes);
    }

    private static byte[] Allocate(int arrayBytes, long sizeBytes)
    {
        try
        {
            // Uninitialised, so that pages no one commits are not touched: the region clears what it commits.
            return GC.AllocateUninitializedArray<byte>(arrayBytes, pinned: true);
        }
        catch (OutOfMemoryException exception)
        {
            throw new VirtualMemoryException(Call, sizeBytes, "the collector's heap has no room for it", exception);
        }
    }
}
