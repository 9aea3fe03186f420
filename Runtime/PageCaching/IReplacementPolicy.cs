namespace FolioRuntime.PageCaching;

/// <summary>
/// Decides which page a cache gives up next. It is told what happens to pages, and names victims; it never touches a page itself. Linux:
/// <c>mm/vmscan.c</c>, <c>mm/workingset.c</c>. Made by a <c>Func&lt;int, IReplacementPolicy&gt;</c> from the capacity in pages.
/// <para>
/// A page is a number from 0 up to the capacity, which the cache gives to another page after <see cref="Removed"/>. In between nothing refers to
/// the page any more. What a policy remembers of pages that are gone (ghosts) it keeps by their keys.
/// </para>
/// <para>
/// Not thread-safe: the cache calls every member under one latch. Accesses reach it late, in batches, and not all of them; no other event is lost or out of order.
/// No member may allocate, throw or wait: memory is taken by the constructor. <see cref="ReplacementPolicy"/> has what all policies have in common.
/// </para>
/// </summary>
public interface IReplacementPolicy
{
    /// <summary>Short, in small letters and dashes: as it appears in tables and on command lines.</summary>
    string Name { get; }

    /// <summary>A page has come into the cache, by a miss: its first access, for which <see cref="Accessed"/> isn't called.</summary>
    /// <param name="page">From 0 up to the capacity; not in the cache before.</param>
    /// <param name="key">What stands for the mapping and the index: the same whenever the same part of the same file comes in.</param>
    void Added(int page, ulong key);

    /// <summary>
    /// A folio of several pages has come into the cache: one entry, which takes the place of so many and is hit and given up as a whole. A policy that divides the capacity counts it so. Unless it is implemented the
    /// policy is told of an entry like others, by <see cref="Added(int, ulong)"/>.
    /// </summary>
    /// <param name="page">The number of its first page; the others' are used for nothing meanwhile.</param>
    /// <param name="key">That of its first page.</param>
    /// <param name="pages">How many pages; a power of two.</param>
    void Added(int page, ulong key, int pages) => Added(page, key);

    /// <summary>A page in the cache was hit. Of a page that has meanwhile gone the policy must ignore it; the number may also have been given to another page by then.</summary>
    /// <param name="page">From 0 up to the capacity.</param>
    void Accessed(int page);

    /// <summary>
    /// The page that the cache can best do without. It stays in until <see cref="Removed"/>; the cache answers by that or by <see cref="Kept"/> before it asks again,
    /// and other events may come in between. Asked and answered by <see cref="Kept"/> again and again, it must name every page in the cache within three times
    /// as many calls as there are pages, so that a search among pinned pages finds the one that isn't.
    /// </summary>
    /// <returns>A page that is in the cache; −1: there is none.</returns>
    int NextVictim();

    /// <summary>The victim couldn't be taken: it is pinned, dirty or being read. It stays in the cache, and the next victim should be another page.</summary>
    /// <param name="page">What <see cref="NextVictim"/> returned.</param>
    void Kept(int page);

    /// <summary>A page has left the cache.</summary>
    /// <param name="page">A page in the cache, whether it was named a victim or not.</param>
    /// <param name="reclaimed">True: taken as a victim, so that the policy may remember its key. False: truncated or dropped; its content is gone, and so should be its history.</param>
    void Removed(int page, bool reclaimed);
}
