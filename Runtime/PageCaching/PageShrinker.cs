using FolioRuntime.Reclaiming;

namespace FolioRuntime.PageCaching;

/// <summary>Has a page cache give up pages when the runtime's memory is short. Counts pages. Waits only for latches under which nobody rents.</summary>
internal sealed class PageShrinker(PageCache cache) : IShrinker
{
    public long Count() => cache.Table.InUse;

    public long Scan(long count) => cache.Reclaim((int)Math.Min(count, int.MaxValue));
}
