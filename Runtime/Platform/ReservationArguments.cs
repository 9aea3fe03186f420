using System.Numerics;

namespace FolioRuntime.Platform;

/// <summary>What every implementation requires of its arguments, checked before the system is asked.</summary>
internal static class ReservationArguments
{
    /// <summary>Checks a reservation and returns the alignment to give: at least a page.</summary>
    public static long Require(long sizeBytes, long alignmentBytes, int pageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeBytes);
        RequireWholePages(sizeBytes, pageBytes, nameof(sizeBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alignmentBytes);
        if (!BitOperations.IsPow2(alignmentBytes))
            throw new ArgumentOutOfRangeException(nameof(alignmentBytes), alignmentBytes, "An alignment is a power of two.");
        var alignment = Math.Max(alignmentBytes, pageBytes);
        // The slack that alignment costs must not carry the sum past what a size can be.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, long.MaxValue - alignment);
        return alignment;
    }

    public static void RequireWholePages(long bytes, int pageBytes, string name)
    {
        if ((bytes & (pageBytes - 1)) != 0)
            throw new ArgumentOutOfRangeException(name, bytes, $"Must be a multiple of the page size, {pageBytes} bytes.");
    }

    public static nint AlignUp(nint address, long alignmentBytes) =>
        checked((nint)((address + (alignmentBytes - 1)) & ~(alignmentBytes - 1)));
}
