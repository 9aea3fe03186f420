using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Which pages are whose, and mappings that may hold only so many. One that has as many as it may gives up one of its own for another: the oldest that wasn't hit since its last turn (CLOCK), since the policy ranks
/// pages of all mappings.
/// <code>
///   mapping:  oldest ─► … ─► newest     hit: again at the end, and not hit any more
/// </code>
/// </content>
internal sealed partial class PageTable
{
    /// <summary>Sets how many pages a mapping may have, and gives up what is too much, except pages that are held.</summary>
    public void SetQuota(PageMapping mapping, int pages)
    {
        using (_latch.Hold())
            mapping.Held.Quota = pages;

        // Ends: each turn takes a page out, or is the last.
        while (true)
        {
            Victim victim;
            using (_latch.Hold())
            {
                if (!HasTooMany(mapping) || !TryTakeOwnUnsynchronized(mapping, out victim))
                    return;
            }

            FreeVictim(victim);
        }
    }

    /// <summary>How many pages a mapping has, and how many it may have.</summary>
    public (int Count, int Quota) HeldBy(PageMapping mapping)
    {
        using (_latch.Hold())
            return (mapping.Held.Count, mapping.Held.Quota);
    }

    private static bool MayHaveMore(PageMapping mapping, int order) => mapping.Held.Quota == 0 || mapping.Held.Count + (1 << order) <= mapping.Held.Quota;

    private static bool HasTooMany(PageMapping mapping) => mapping.Held.Quota != 0 && mapping.Held.Count > mapping.Held.Quota;

    /// <summary>A victim among the pages of one mapping. False: they are held, as far as was looked.</summary>
    private bool TryTakeOwnUnsynchronized(PageMapping mapping, out Victim victim)
    {
        CollectHitsUnsynchronized();

        // Ends: looks at each page twice at most, and at so many at most.
        for (var tries = Math.Min(2 * mapping.Held.Count, MostTries); tries > 0; tries--)
        {
            var page = mapping.Held.Oldest;
            ref var entry = ref _pages[page];
            if (!entry.IsHit && TryFreezeUnsynchronized(page))
            {
                victim = TakeVictimUnsynchronized(page);
                return true;
            }

            _counts.VictimsKept += entry.IsHit ? 0 : 1;
            entry.IsHit = false;
            UnlinkUnsynchronized(page);
            LinkUnsynchronized(page);
        }

        victim = default;
        return false;
    }

    private void LinkUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        ref var held = ref _mappings[entry.Mapping]!.Held;
        (entry.Older, entry.Newer) = (held.Newest, None);
        if (held.Newest == None)
            held.Oldest = page;
        else
            _pages[held.Newest].Newer = page;
        held.Newest = page;
        held.Count += 1 << entry.Order;
    }

    private void UnlinkUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        ref var held = ref _mappings[entry.Mapping]!.Held;
        Invariant.Check(held.Count > 0, "a page that is in the table is one of its mapping's");
        if (entry.Older == None)
            held.Oldest = entry.Newer;
        else
            _pages[entry.Older].Newer = entry.Newer;
        if (entry.Newer == None)
            held.Newest = entry.Older;
        else
            _pages[entry.Newer].Older = entry.Older;
        held.Count -= 1 << entry.Order;
    }
}
