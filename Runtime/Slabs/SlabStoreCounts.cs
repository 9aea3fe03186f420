namespace FolioRuntime.Slabs;

/// <summary>A consistent view of a store's counts.</summary>
internal readonly record struct SlabStoreCounts(
    long Slabs,
    long Frames,
    long Slots,
    long Free,
    long Retired,
    long EmptySlabs,
    long QuarantinedSlabs,
    long QuarantinedSlots,
    long SlabsCreated,
    long SlotsRetiredEver,
    long WornSlabs,
    long Owners,
    long ReturnsWaiting,
    long Returned)
{
    /// <summary>Slots that left their slabs: in threads' stacks or with users.</summary>
    public long Out => Slots - Free - Retired - QuarantinedSlots;
}
