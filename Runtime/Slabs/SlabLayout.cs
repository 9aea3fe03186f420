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
/// With red zones (Linux: <c>red_left_pad</c>) a slot is
/// <code>
///   | left zone               | object    | right zone                          |     left: 8 bytes, rounded up to the alignment
///   |&lt;--- ObjectOffset -----&gt;|&lt;- Size --&gt;|  8 bytes and up, to the next slot   |     and they count as used, not as waste
/// </code>
/// </summary>
internal sealed record SlabLayout
{
    public const int LargestSizeBytes = 2 << 20;
    public const int LargestAlignmentBytes = PageOrder.FrameBytes;

    private const int PreferredOrder = 4;
    private const int PreferredSlots = 8;
    private const int WasteDivisor = 8;
    private const int SmallestZoneBytes = 8;

    private SlabLayout(int sizeBytes, int objectOffsetBytes, int strideBytes, int slotCount, int frameCount)
    {
        SizeBytes = sizeBytes;
        ObjectOffsetBytes = objectOffsetBytes;
        StrideBytes = strideBytes;
        SlotCount = slotCount;
        FrameCount = frameCount;
    }

    /// <summary>Bytes of an object that its user sees.</summary>
    public int SizeBytes { get; }

    /// <summary>Bytes of a slot before its object: the left red zone; 0 without red zones.</summary>
    public int ObjectOffsetBytes { get; }

    /// <summary>Whether a red zone is on either side of each object.</summary>
    public bool HasRedZones => ObjectOffsetBytes > 0;

    /// <summary>Bytes from one slot to the next.</summary>
    public int StrideBytes { get; }

    /// <summary>Slots in a slab.</summary>
    public int SlotCount { get; }

    /// <summary>Frames in a slab.</summary>
    public int FrameCount { get; }

    /// <summary>Part of a slab's bytes that no object and no red zone uses, from 0 to 1.</summary>
    public double Waste => 1 - ((double)SlotCount * (HasRedZones ? StrideBytes : SizeBytes) / SlabBytes);

    public long SlabBytes => (long)FrameCount * PageOrder.FrameBytes;

    /// <param name="sizeBytes">1 to 2 MiB.</param>
    /// <param name="alignmentBytes">A power of two from 1 to 4096, or 0 for the default.</param>
    /// <param name="smallestSlotBytes">What the runtime's word table has words for: a power of two.</param>
    /// <param name="maxOrder">The page allocator's largest order.</param>
    /// <param name="fixedOrder">An order to take instead of choosing one; for tests and stress.</param>
    /// <param name="redZones">Whether there is one on either side of each object.</param>
    public static SlabLayout For(int sizeBytes, int alignmentBytes, int smallestSlotBytes, int maxOrder, int? fixedOrder = null, bool redZones = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, LargestSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(alignmentBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alignmentBytes, LargestAlignmentBytes);
        if (alignmentBytes != 0 && !System.Numerics.BitOperations.IsPow2(alignmentBytes))
            throw new ArgumentOutOfRangeException(nameof(alignmentBytes), alignmentBytes, "An alignment is a power of two.");

        var alignment = AlignmentOf(sizeBytes, alignmentBytes);
        var offset = redZones ? Math.Max(SmallestZoneBytes, alignment) : 0;
        var stride = Math.Max(AlignUp(offset + sizeBytes + (redZones ? SmallestZoneBytes : 0), alignment), smallestSlotBytes);
        if (fixedOrder is { } order)
            return At(order, sizeBytes, offset, stride) ?? throw new ArgumentOutOfRangeException(nameof(fixedOrder), fixedOrder, "A slab of this order, SlabOrder, is smaller than an object.");

        SlabLayout? best = null;
        for (order = Math.Min(PreferredOrder, maxOrder); order <= maxOrder; order++)
        {
            if (At(order, sizeBytes, offset, stride) is not { } layout)
                continue;
            if (layout.SlotCount >= PreferredSlots && layout.Waste <= 1.0 / WasteDivisor)
                return layout;
            if (best is null || layout.Waste < best.Waste)
                best = layout;
        }

        return best ?? throw new ArgumentOutOfRangeException(
            nameof(sizeBytes), sizeBytes, $"A slab of {sizeBytes}-byte objects needs a larger page order than this runtime's largest, {maxOrder}.");
    }

    /// <summary>The same objects in a larger slab.</summary>
    public SlabLayout Enlarged(int order) =>
        At(order, SizeBytes, ObjectOffsetBytes, StrideBytes) ?? throw new ArgumentOutOfRangeException(nameof(order), order, "A larger slab has room for what a smaller one has.");

    /// <summary>Bytes of lifetime words that become resident for a slab, as a part of its bytes: 8 a slot, in whole pages unless slabs share one.</summary>
    public double WordOverhead(int slotsPerFrame)
    {
        var windowBytes = (long)FrameCount * slotsPerFrame * sizeof(ulong);
        var touched = ((long)SlotCount * sizeof(ulong) + PageOrder.FrameBytes - 1) / PageOrder.FrameBytes * PageOrder.FrameBytes;
        return (double)Math.Min(touched, windowBytes) / SlabBytes;
    }

    /// <summary>The alignment that objects of a size have: what was asked for, or the largest power of two up to 8 that isn't above the size rounded up.</summary>
    public static int AlignmentOf(int sizeBytes, int alignmentBytes) =>
        alignmentBytes != 0 ? alignmentBytes : (int)Math.Min(8, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)sizeBytes));

    public static int AlignUp(int bytes, int alignmentBytes) => checked((bytes + alignmentBytes - 1) & -alignmentBytes);

    private static SlabLayout? At(int order, int sizeBytes, int objectOffsetBytes, int strideBytes)
    {
        var slots = (int)(((long)PageOrder.FrameBytes << order) / strideBytes);
        if (slots == 0)
            return null;
        var frames = (int)((((long)slots * strideBytes) + PageOrder.FrameBytes - 1) >> PageOrder.FrameShift);
        return new SlabLayout(sizeBytes, objectOffsetBytes, strideBytes, slots, frames);
    }
}
