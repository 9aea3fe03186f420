using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// What a cache held at one moment, in the terms of Linux's slabinfo. Exact when the runtime is quiet; while threads rent and return, each number is
/// right for some recent moment.
/// </summary>
public sealed record SlabCacheStatistics
{
    /// <summary>The cache's name.</summary>
    public required string Name { get; init; }

    /// <summary>Objects with users.</summary>
    public required long ActiveObjects { get; init; }

    /// <summary>Slots in all slabs of the cache.</summary>
    public required long TotalObjects { get; init; }

    /// <summary>Bytes of one object.</summary>
    public required int ObjectBytes { get; init; }

    /// <summary>Bytes from one object to the next.</summary>
    public required int StrideBytes { get; init; }

    /// <summary>Slots in a slab of the smallest kind: a cache that has grown takes larger ones too.</summary>
    public required int ObjectsPerSlab { get; init; }

    /// <summary>4 KiB frames in a slab of the smallest kind.</summary>
    public required int PagesPerSlab { get; init; }

    /// <summary>Slabs of the cache.</summary>
    public required long TotalSlabs { get; init; }

    /// <summary>Slabs with at least one slot out of them.</summary>
    public required long ActiveSlabs { get; init; }

    /// <summary>Free objects in threads' own stacks.</summary>
    public required long CachedObjects { get; init; }

    /// <summary>Free objects in the depot, through which threads exchange them. Linux: slabinfo's sharedavail.</summary>
    public required long SharedObjects { get; init; }

    /// <summary>Returns made on other threads than the one that owns the slab, which it has yet to judge. They count as free.</summary>
    public required long ReturnsOnTheWay { get; init; }

    /// <summary>Most free objects a thread keeps now: <see cref="SlabCache.ThreadCacheCapacity"/>, or more where that was too few.</summary>
    public required int Limit { get; init; }

    /// <summary>Objects with users that are on pages of their own, outside the slabs.</summary>
    public required long GuardedObjects { get; init; }

    /// <summary>Slots of present slabs whose words have issued their last generation.</summary>
    public required long RetiredObjects { get; init; }

    /// <summary>Slabs more than half of whose slots are retired: nothing is taken from them any more, and they go back with their last object.</summary>
    public required long WornSlabs { get; init; }

    /// <summary>Slots ever retired by this cache.</summary>
    public required long RetiredEver { get; init; }

    /// <summary>Damaged slabs that are never used again.</summary>
    public required long QuarantinedSlabs { get; init; }

    /// <summary>Slabs ever made.</summary>
    public required long SlabsCreated { get; init; }

    /// <summary>Look-ups refused because the handle's object was gone, or not of this cache.</summary>
    public required long StaleRejected { get; init; }

    /// <summary>Look-ups refused because the object had too many references.</summary>
    public required long Saturated { get; init; }

    /// <summary>Rents of a pool over this cache that were served from the collector's heap, because the capacity was spent or, for objects, as many as are retained were out.</summary>
    public required long Fallbacks { get; init; }

    /// <summary>
    /// Objects ever rented or allocated. A rent that failed after it had a slot, since the constructor threw or there was damage, counts as rented and returned. Less those <see cref="Returned"/>, and when the
    /// cache is quiet, it is those with users and the returns on the way.
    /// </summary>
    public long Rented => ThreadHits + Refills;

    /// <summary>
    /// Objects whose lives ended: returned by their owners and put by all who had references. What another thread than the slab's owner returned counts once that is judged, so a second return never does.
    /// </summary>
    public required long Returned { get; init; }

    /// <summary>Rents that their threads' own free objects served, with nothing shared touched. Counted by what such a rent stores anyway.</summary>
    public required long ThreadHits { get; init; }

    /// <summary>Rents that found their thread without a free object: those that took a batch, and those that were refused.</summary>
    public long ThreadMisses => Refills + RentsRefused;

    /// <summary>Rents that found their thread without a free object, and took a batch from the depot or from slabs. Without thread caches that is every rent.</summary>
    public required long Refills { get; init; }

    /// <summary>Of these, those that the depot served.</summary>
    public required long RefillsFromDepot { get; init; }

    /// <summary>Returns that found their thread's free objects at their most, and gave a batch to the depot or to slabs.</summary>
    public required long Flushes { get; init; }

    /// <summary>Of these, those that the depot took.</summary>
    public required long FlushesToDepot { get; init; }

    /// <summary>Rents that found no memory.</summary>
    public required long RentsRefused { get; init; }

    /// <summary>Objects reported as leaked, where leaks are looked for: <see cref="SlabCacheOptions.LeakSampleInterval"/>.</summary>
    public required long Leaked { get; init; }

    internal static SlabCacheStatistics From(SlabCache cache, SlabStoreCounts counts, ThreadStackCounts stacks, ThreadStackTotals totals, long onTheWay, long staleRejected, long saturated, long guarded) => new()
    {
        Name = cache.Name,
        ActiveObjects = Math.Max(0, counts.Out - stacks.Cached - stacks.Shared - onTheWay) + guarded,
        TotalObjects = counts.Slots,
        ObjectBytes = cache.SizeBytes,
        StrideBytes = cache.Layout.StrideBytes,
        ObjectsPerSlab = cache.Layout.SlotCount,
        PagesPerSlab = cache.Layout.FrameCount,
        TotalSlabs = counts.Slabs,
        ActiveSlabs = counts.Slabs - counts.EmptySlabs,
        CachedObjects = stacks.Cached,
        SharedObjects = stacks.Shared,
        ReturnsOnTheWay = onTheWay,
        Limit = stacks.Capacity,
        GuardedObjects = guarded,
        RetiredObjects = counts.Retired,
        WornSlabs = counts.WornSlabs,
        RetiredEver = counts.SlotsRetiredEver,
        QuarantinedSlabs = counts.QuarantinedSlabs,
        SlabsCreated = counts.SlabsCreated,
        StaleRejected = staleRejected,
        Saturated = saturated,
        Fallbacks = cache.Fallbacks.Value,
        Returned = totals.Pushes + counts.Returned + cache.Traffic.ReturnedOutsideSlabs,
        ThreadHits = totals.Pops,
        Refills = cache.Traffic.Refills,
        RefillsFromDepot = cache.Traffic.RefillsFromDepot,
        Flushes = cache.Traffic.Flushes,
        FlushesToDepot = cache.Traffic.FlushesToDepot,
        RentsRefused = cache.Traffic.RentsRefused,
        Leaked = cache.Tracks?.ReportedCount ?? 0,
    };
}
