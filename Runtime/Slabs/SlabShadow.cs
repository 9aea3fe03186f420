namespace FolioRuntime.Slabs;

/// <summary>What debugging knows of one slab, a bit a slot, on the managed heap where a wild write into the tables doesn't reach. Guarded by the latch of <see cref="SlabDebug"/>.</summary>
internal sealed class SlabShadow(uint firstIndex, ReadOnlySpan<ulong> free)
{
    private readonly ulong[] _free = free.ToArray();
    private readonly ulong[] _rented = new ulong[free.Length];
    private readonly ulong[] _reported = new ulong[free.Length];

    public uint FirstIndex { get; } = firstIndex;

    /// <summary>Slots that are free in the slab: what its bitmap must say.</summary>
    public SlotBitmap Free => new(_free);

    /// <summary>Slots painted as rented; all others are painted as free.</summary>
    public SlotBitmap Rented => new(_rented);

    /// <summary>Slots whose damage has been told.</summary>
    public SlotBitmap Reported => new(_reported);
}
