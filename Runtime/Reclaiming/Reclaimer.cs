using FolioRuntime.Slabs;

namespace FolioRuntime.Reclaiming;

/// <summary>
/// The way of memory back to the system, top down, so that what a step frees is there for the next:
/// <code>
///   threads' stacks ─► slabs ─► threads' lists of pages ─► free blocks ─► system
/// </code>
/// Thread-safe, also against itself. Linux: <c>mm/vmscan.c</c>, <c>drain_all_pages</c>.
/// </summary>
internal static class Reclaimer
{
    /// <summary>Gives back everything that no user holds.</summary>
    /// <returns>Bytes given back to the system.</returns>
    public static long TrimAll(SlabRegistry slabs)
    {
        foreach (var cache in slabs.Snapshot())
            cache.Trim();
        return slabs.Pages.Trim();
    }

    /// <summary>Gives back what lay unused since the last call, and begins a new interval.</summary>
    /// <returns>Bytes given back to the system.</returns>
    public static long TrimIdle(SlabRegistry slabs)
    {
        foreach (var cache in slabs.Snapshot())
            cache.TrimIdle();
        return slabs.Pages.TrimIdle();
    }
}
