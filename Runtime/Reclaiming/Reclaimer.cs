using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Reclaiming;

/// <summary>
/// The ways of memory back, top down, so that what a step frees is there for the next:
/// <code>
///   trim:                     idle objects of pools ─► threads' stacks ─► slabs ─► threads' lists of pages ─► free blocks ─► system
///   balance, direct reclaim:  threads' stacks ─► slabs ─► threads' lists of pages ─► free blocks, and if that isn't enough, shrinkers and all of it again
/// </code>
/// A trim gives memory to the system. The other two make it free for whoever needs it here: in the background when there is little left, and in an allocation that
/// finds none. Thread-safe, also against itself. Linux: <c>mm/vmscan.c</c>, <c>drain_all_pages</c>.
/// </summary>
internal sealed class Reclaimer(SlabRegistry slabs)
{
    /// <summary>Once so many steps have freed something, each time without the allocation having got it, it gives up. Linux: <c>MAX_RECLAIM_RETRIES</c>.</summary>
    private const int MostSteps = 16;

    /// <summary>When the system is short of memory, shrinkers are asked for 1 of 2^this of what they have, at each look.</summary>
    private const int PressurePriority = 2;

    private readonly StripedCounter _directReclaims = new();

    public ShrinkerList Shrinkers { get; } = new(slabs.Pages, slabs.Violations);

    /// <summary>What else is to be done in the background when an interval is over.</summary>
    public Action? Due { get; init; }

    public ViolationLog Violations => slabs.Violations;

    public PageAllocator Pages => slabs.Pages;

    /// <summary>What was done so far.</summary>
    /// <param name="background">What does it unasked; null: nothing does.</param>
    public ReclaimStatistics Statistics(BackgroundReclaimer? background) => new()
    {
        Looks = background?.Looks ?? 0,
        LooksUnderPressure = background?.LooksUnderPressure ?? 0,
        LooksFailed = background?.LooksFailed ?? 0,
        WakeUps = background?.WakeUps ?? 0,
        BytesGivenBack = background?.BytesGivenBack ?? 0,
        DirectReclaims = _directReclaims.Value,
        ObjectsShrunk = Shrinkers.ObjectsShrunk,
        ShrinkersFailed = Shrinkers.Failures,
    };

    /// <summary>Gives back everything that no user holds.</summary>
    /// <returns>Bytes given back to the system.</returns>
    public long TrimAll()
    {
        foreach (var cache in slabs.Snapshot())
        {
            cache.DropIdleObjects(onlyUnused: false);
            cache.Trim();
        }

        return Pages.Trim();
    }

    /// <summary>Gives back what lay unused since the last call, and begins a new interval.</summary>
    /// <returns>Bytes given back to the system.</returns>
    public long TrimIdle()
    {
        foreach (var cache in slabs.Snapshot())
        {
            cache.DropIdleObjects(onlyUnused: true);
            cache.TrimIdle();
        }

        return Pages.TrimIdle();
    }

    /// <summary>For a system that is short of memory: has shrinkers free a part of what they have, and gives back everything that nobody holds then.</summary>
    /// <returns>Bytes given back to the system.</returns>
    public long ShrinkAndTrim()
    {
        Shrinkers.ShrinkUntilFreed(PressurePriority);
        return TrimAll();
    }

    /// <summary>Frees memory until there is the high watermark of it, or nothing more to free. Linux: <c>balance_pgdat</c>.</summary>
    /// <returns>Whether there is that much.</returns>
    public bool Balance()
    {
        Drain();
        Pages.DrainLists();
        var priority = ShrinkerList.FirstPriority;

        // Ends: each turn frees something, and asks for more of it, at last for everything; what is rented anew meanwhile may be freed anew, but not more than a few times.
        for (var step = 0; step < MostSteps && Pages.IsBelowHigh && Shrinkers.ShrinkUntilFreed(priority) > 0; step++)
        {
            Drain();
            Pages.DrainLists();
            priority = Math.Max(0, priority - 1);
        }

        return !Pages.IsBelowHigh;
    }

    /// <summary>A step of an allocation's direct reclaim: first what nobody holds, then some of what shrinkers have, more from step to step. <see cref="DirectReclaim"/></summary>
    /// <returns>False: nothing more is to be had, or it was enough of it.</returns>
    public bool TryFreeSome(int step)
    {
        if (step == 0)
            _directReclaims.Add();
        else if (step > MostSteps || Shrinkers.ShrinkUntilFreed(Math.Max(0, ShrinkerList.FirstPriority + 1 - step)) == 0)
            return false;
        Drain();
        return true;
    }

    /// <summary>Has threads and caches give up what no user holds. Threads' lists of pages are the allocator's own business: it looks there before it finds nothing.</summary>
    private void Drain()
    {
        foreach (var cache in slabs.Snapshot())
            cache.TrimIfWorthwhile();
    }
}
