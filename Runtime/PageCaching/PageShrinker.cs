using FolioRuntime.Reclaiming;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Has a page cache give up pages when the runtime's memory is short. Counts pages. Where dirty ones are what is left, the flusher is asked to write some, and they are waited for: for a moment only, and not from inside a store
/// of this cache. Apart from that it waits only for latches under which nobody rents. Linux: <c>shrink_folio_list</c>, <c>reclaim_throttle</c> (<c>VMSCAN_THROTTLE_WRITEBACK</c>).
/// </summary>
internal sealed class PageShrinker(PageCache cache) : IShrinker
{
    /// <summary>Pages that were just written may be dirty again, or somebody else's, so it looks so many times.</summary>
    private const int MostWaits = 4;

    public long Count() => cache.Table.InUse;

    public long Scan(long count)
    {
        var pages = (int)Math.Min(count, int.MaxValue);
        var freed = cache.Reclaim(pages);

        // Ends: after so many waits.
        for (var wait = 0; freed < pages && cache.Writeback.Flusher.Kick(pages - freed); wait++)
        {
            if (freed > 0 || wait == MostWaits || !cache.Writeback.Flusher.WaitForProgress())
                break;
            freed = cache.Reclaim(pages);
        }

        return freed;
    }
}
