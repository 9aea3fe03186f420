namespace FolioRuntime.PageCaching;

/// <summary>How pages of a type begin and end: <see cref="PageCache.AddType"/>. Linux: <c>struct movable_operations</c>, and what <c>__folio_put</c> does for other types.</summary>
public sealed record PageTypeOptions
{
    /// <summary>Name in messages, reports and statistics.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Fills a page, which is zeros, before anybody can find it: one call for all who ask for it meanwhile. What it throws all of these get, and no page is left. Runs on the thread that asks, with no latch held; it may use the
    /// cache, but not ask for its own key, which would wait for itself.
    /// </summary>
    public required PageAction Construct { get; init; }

    /// <summary>
    /// Runs once for each page that was constructed, of this type only, when it is gone for good: it is out of the cache and nobody has a reference. Null: nothing is to be done. What it throws is reported as
    /// <see cref="Lifetimes.ViolationKind.DestructorThrew"/>, and the page is freed all the same.
    /// <para>
    /// It runs on whatever thread happens to end the page: that may be in the middle of an allocation, or hold a latch. So it must not use the runtime or anything of it, nor wait for whoever does.
    /// </para>
    /// </summary>
    public PageAction? Destroy { get; init; }

    /// <summary>
    /// Brings a page that was changed (<see cref="PageType.TryChange"/>) to where it is kept, before it is given up: in the background, for want of memory, by <see cref="PageType.Clean"/> and at the end. Never two calls at the
    /// same time. If it throws the page stays, dirty, and is tried again later. Null: changed pages are given up like others, and the destructor sees what they had.
    /// It may write to mappings of the same cache, but must not wait for whoever uses this type.
    /// </summary>
    public PageCleaner? Clean { get; init; }
}
