using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// How objects of one size lie in a slab. Pure arithmetic.
/// <code>
///   | slot 0 | slot 1 | … | slot n-1 | tail |      frames × 4096 bytes; nothing else in it: headers, words and bitmaps
///   |&lt;stride&gt;|                                      are out of band, so a 4096-byte object has 4096 usable bytes
/// </code>
/// Rule: the stride is the size rounded up to the alignment and to the runtime's smallest slot. The smallest order is taken,
/// from 64 KiB (order 4) up, whose slab has at least 8 slots and wastes at most 1/8 of its bytes; where no order up to the
/// largest has both, the one that wastes least. Whole frames that the last slot doesn't reach go back to the page allocator
/// (Linux: <c>alloc_pages_exact</c>), so the waste of an object above a slab's size is less than a frame.
/// </summary>
internal sealed record SlabLayout
{
    public const int LargestSizeBytes = 2 << 20;
    public const int LargestAlignmentBytes = PageOrder.FrameBytes;

    private const int PreferredOrder = 4;
    private const int PreferredSlots = 8;
    private const int WasteDivisor = 8;

    private SlabLayout(int sizeBytes, int strideBytes, int slotCount, int frameCount)
    {
        SizeBytes = sizeBytes;
        StrideBytes = strideBytes;
        SlotCount = slotCount;
        FrameCount = frameCount;
    }

    /// <summary>Bytes of an object that its user sees.</summary>
    public int SizeBytes { get; }

    /// <summary>Bytes from one slot to the next.</summary>
    public int StrideBytes { get; }

    /// <summary>Slots in a slab.</summary>
    public int SlotCount { get; }

    /// <summary>Frames in a slab.</summary>
    public int FrameCount { get; }

    /// <summary>Part of a slab's bytes that no object uses, from 0 to 1.</summary>
    public double Waste => 1 - ((double)SlotCount * SizeBytes / SlabBytes);

    public long SlabBytes => (long)FrameCount * PageOrder.FrameBytes;

    /// <param name="sizeBytes">1 to 2 MiB.</param>
    /// <param name="alignmentBytes">A power of two from 1 to 4096, or 0 for the default.</param>
    /// <param name="smallestSlotBytes">What the runtime's word table has words for: a power of two.</param>
    /// <param name="maxOrder">The page allocator's largest order.</param>
    /// <param name="fixedOrder">An order to take instead of choosing one; for tests and stress.</param>
    public static SlabLayout For(int sizeBytes, int alignmentBytes, int smallestSlotBytes, int maxOrder, int? fixedOrder = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, LargestSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(alignmentBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alignmentBytes, LargestAlignmentBytes);
        if (alignmentBytes != 0 && !System.Numerics.BitOperations.IsPow2(alignmentBytes))
            throw new ArgumentOutOfRangeException(nameof(alignmentBytes), alignmentBytes, "An alignment is a power of two.");

        var alignment = alignmentBytes != 0 ? alignmentBytes : (int)Math.Min(8, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)sizeBytes));
        var stride = Math.Max(checked((sizeBytes + alignment - 1) & -alignment), smallestSlotBytes);
        if (fixedOrder is { } order)
            return At(order, sizeBytes, stride) ?? throw new ArgumentOutOfRangeException(nameof(fixedOrder), fixedOrder, "A slab of this order, SlabOrder, is smaller than an object.");

        SlabLayout? best = null;
        for (order = Math.Min(PreferredOrder, maxOrder); order <= maxOrder; order++)
        {
            if (At(order, sizeBytes, stride) is not { } layout)
                continue;
            if (layout.SlotCount >= PreferredSlots && layout.Waste <= 1.0 / WasteDivisor)
                return layout;
            if (best is null || layout.Waste < best.Waste)
                best = layout;
        }

        return best ?? throw new ArgumentOutOfRangeException(
            nameof(sizeBytes), sizeBytes, $"A slab of {sizeBytes}-byte objects needs a larger page order than this runtime's largest, {maxOrder}.");
    }

    /// <summary>Bytes of lifetime words that become resident for a slab, as a part of its bytes: 8 a slot, in whole pages unless slabs share one.</summary>
    public double WordOverhead(int slotsPerFrame)
    {
        var windowBytes = (long)FrameCount * slotsPerFrame * sizeof(ulong);
        var touched = ((long)SlotCount * sizeof(ulong) + PageOrder.FrameBytes - 1) / PageOrder.FrameBytes * PageOrder.FrameBytes;
        return (double)Math.Min(touched, windowBytes) / SlabBytes;
    }

    private static SlabLayout? At(int order, int sizeBytes, int strideBytes)
    {
        var slots = (int)(((long)PageOrder.FrameBytes << order) / strideBytes);
        if (slots == 0)
            return null;
        var frames = (int)((((long)slots * strideBytes) + PageOrder.FrameBytes - 1) >> PageOrder.FrameShift);
        return new SlabLayout(sizeBytes, strideBytes, slots, frames);
    }
}
