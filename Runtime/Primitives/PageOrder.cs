using System.Globalization;

namespace FolioRuntime.Primitives;

/// <summary>The size of a folio as a power of two of frames: order k is 2^k frames of 4 KiB. Linux: <c>folio_order</c>.</summary>
/// <param name="Value">The order, from 0 to <see cref="Largest"/>.</param>
public readonly record struct PageOrder(int Value) : IComparable<PageOrder>
{
    /// <summary>The largest order any runtime can be configured for: 2^18 frames, 1 GiB.</summary>
    public const int Largest = 18;

    /// <summary>Bytes in a frame, the unit of the page allocator.</summary>
    public const int FrameBytes = 1 << FrameShift;

    internal const int FrameShift = 12;

    /// <summary>Frames in a folio of this order.</summary>
    public int FrameCount => 1 << Value;

    /// <summary>Bytes in a folio of this order.</summary>
    public long Bytes => (long)FrameBytes << Value;

    /// <summary>The smallest order that holds this many bytes.</summary>
    /// <param name="sizeBytes">Bytes wanted, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than a folio of the largest order holds.</exception>
    public static PageOrder ForBytes(long sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, (long)FrameBytes << Largest);
        var frames = (ulong)(sizeBytes + FrameBytes - 1) >> FrameShift;
        return new PageOrder(frames == 1 ? 0 : 64 - System.Numerics.BitOperations.LeadingZeroCount(frames - 1));
    }

    /// <summary>Orders by size.</summary>
    /// <param name="other">The other order.</param>
    public int CompareTo(PageOrder other) => Value.CompareTo(other.Value);

    /// <summary>Less than.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator <(PageOrder left, PageOrder right) => left.Value < right.Value;

    /// <summary>Greater than.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator >(PageOrder left, PageOrder right) => left.Value > right.Value;

    /// <summary>Less than or equal.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator <=(PageOrder left, PageOrder right) => left.Value <= right.Value;

    /// <summary>Greater than or equal.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    public static bool operator >=(PageOrder left, PageOrder right) => left.Value >= right.Value;

    /// <summary>The order as a plain number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
