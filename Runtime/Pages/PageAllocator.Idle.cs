namespace FolioRuntime.Pages;

/// <content>Giving up what nobody needed.</content>
internal sealed partial class PageAllocator
{
    /// <summary>
    /// As <see cref="Trim"/>, but only the lists of threads that changed nothing in them since the last call, and of the free blocks with memory, order by order, as
    /// many as there were at every moment since then, those that have been free for longest first.
    /// </summary>
    /// <returns>Bytes that had been written and were given back.</returns>
    public long TrimIdle()
    {
        _lists.DrainIdle(_freeCached);
        return DiscardFree(static (free, order) => free.TakeUnneededBlockCount(order), givesUpHuge: false);
    }
}
