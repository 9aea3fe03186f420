using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// The arithmetic of the frame table: what there is per frame, and where. Pure.
/// <code>
///   | page frames      | slab headers      | slot bitmaps            | slot words            |
///     64 B per frame     64 B per frame      slots per frame / 8 B     8 B × slots per frame
/// </code>
/// The budget. A slot's index has 32 bits: frame number × slots per frame + slot in the frame. With 256 slots a frame the
/// smallest slot is 16 bytes and the reservation ends one frame below 64 GiB; above that the slots per frame halve, to
/// 64 (smallest slot 64 bytes) one frame below 256 GiB, which is the largest reservation. The one frame less keeps every
/// index, and the number of slots itself, within 32 bits.
/// </summary>
internal readonly record struct FrameTableLayout
{
    public const int SlabHeaderBytes = CacheLine.Bytes;
    public const int LargestSlotShift = 8;
    public const int SmallestSlotShift = 6;
    public const long LargestReservationBytes = (1L << (32 - SmallestSlotShift)) * PageOrder.FrameBytes;

    public FrameTableLayout(long reservationBytes, int pageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(reservationBytes, PageOrder.FrameBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reservationBytes, LargestReservationBytes);
        var frames = reservationBytes >> PageOrder.FrameShift;
        SlotShift = LargestSlotShift;
        while (frames << SlotShift > 1L << 32)
            SlotShift--;
        FrameCount = (uint)Math.Min(frames, uint.MaxValue >> SlotShift);
        PageBytes = pageBytes;
    }

    public int PageBytes { get; }

    public uint FrameCount { get; }

    public int SlotShift { get; }

    public int SlotsPerFrame => 1 << SlotShift;

    /// <summary>Bytes of each table per frame, in the order in which the tables lie.</summary>
    public ReadOnlySpan<int> BytesPerFrame => new[] { PageFrame.Bytes, SlabHeaderBytes, SlotsPerFrame / 8, sizeof(ulong) * SlotsPerFrame };

    public long DataBytes => RoundUp((long)FrameCount << PageOrder.FrameShift);

    public long SlabHeadersOffset => RoundUp((long)FrameCount * PageFrame.Bytes);

    public long SlotBitmapsOffset => SlabHeadersOffset + RoundUp((long)FrameCount * SlabHeaderBytes);

    public long SlotWordsOffset => SlotBitmapsOffset + RoundUp((long)FrameCount * (SlotsPerFrame / 8));

    public long TotalBytes => SlotWordsOffset + RoundUp((long)FrameCount * SlotsPerFrame * sizeof(ulong));

    /// <summary>Whole pages that hold a range: its start rounded down and its end rounded up.</summary>
    public (long OffsetBytes, long LengthBytes) PagesAround(long offsetBytes, long lengthBytes)
    {
        var start = offsetBytes & ~((long)PageBytes - 1);
        return (start, RoundUp(offsetBytes + lengthBytes) - start);
    }

    /// <summary>Whole pages inside a range: its start rounded up and its end rounded down; empty if there is none.</summary>
    public (long OffsetBytes, long LengthBytes) PagesWithin(long offsetBytes, long lengthBytes)
    {
        var start = RoundUp(offsetBytes);
        return (start, Math.Max(0, ((offsetBytes + lengthBytes) & ~((long)PageBytes - 1)) - start));
    }

    private long RoundUp(long bytes) => (bytes + PageBytes - 1) & ~((long)PageBytes - 1);
}
