using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Platform;

/// <summary>Lets tests look at and write a region's bytes.</summary>
internal static class RegionBytes
{
    /// <summary>A committed range, as a span that is good while the caller keeps the region open.</summary>
    public static unsafe Span<byte> Span(this MemoryRegion region, long offsetBytes, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes + lengthBytes, region.SizeBytes);
        // SAFETY: inside the region by the check above; committed and open by the caller's word.
        return new Span<byte>((void*)(region.Base + (nint)offsetBytes), lengthBytes);
    }

    public static bool IsZero(this MemoryRegion region, long offsetBytes, int lengthBytes) =>
        !region.Span(offsetBytes, lengthBytes).ContainsAnyExcept((byte)0);
}
