using System.Numerics;

namespace FolioRuntime.PageCaching;

/// <summary>
/// What all replacement policies have in common: which pages are in, that events of pages that aren't are ignored or refused, and that a search for a victim ends.
/// A policy adds the order. Not thread-safe, and allocates nothing after construction; see <see cref="IReplacementPolicy"/>.
/// </summary>
public abstract class ReplacementPolicy : IReplacementPolicy
{
    private const int BitsPerWord = 64;
    private const int MostPages = 1 << 16;

    private readonly ulong[] _pages;

    // Of each page that is in: how many pages its folio has besides.
    private readonly ushort[] _morePages;
    private int _folios;
    private int _keptInARow;
    private int _hand;

    /// <summary>A policy over no pages yet.</summary>
    /// <param name="capacityPages">How many pages may be in at once; pages are numbered from 0 up to it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    protected ReplacementPolicy(int capacityPages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityPages, 1);
        CapacityPages = capacityPages;
        _pages = new ulong[((capacityPages - 1) / BitsPerWord) + 1];
        _morePages = new ushort[capacityPages];
    }

    /// <inheritdoc />
    public abstract string Name { get; }

    /// <summary>How many pages may be in at once.</summary>
    public int CapacityPages { get; }

    /// <summary>How many pages are in, those of large folios counted each.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a page is in.</summary>
    /// <param name="page">From 0 up to the capacity; others are not in.</param>
    public bool Contains(int page) => (uint)page < (uint)CapacityPages && (_pages[page / BitsPerWord] >> (page % BitsPerWord) & 1) != 0;

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException">There is no such page.</exception>
    /// <exception cref="InvalidOperationException">It is in already.</exception>
    public void Added(int page, ulong key) => Added(page, key, pages: 1);

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException">There is no such page, or there are fewer than one or more than 2^16 of them.</exception>
    /// <exception cref="InvalidOperationException">It is in already.</exception>
    public void Added(int page, ulong key, int pages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pages, MostPages);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)page, (uint)CapacityPages, nameof(page));
        if (Contains(page))
            RefuseToAdd(page);
        _pages[page / BitsPerWord] |= 1ul << (page % BitsPerWord);
        _morePages[page] = (ushort)(pages - 1);
        Count += pages;
        _folios++;
        OnAdded(page, key);
    }

    /// <inheritdoc />
    public void Accessed(int page)
    {
        if (Contains(page))
            OnAccessed(page);
    }

    /// <inheritdoc />
    public int NextVictim()
    {
        if (Count == 0)
            return -1;

        // As many as there are were kept, one after the other: the policy's order doesn't lead to one that can be taken, so all get their turn.
        return _keptInARow < _folios ? ChooseVictim() : NextFromHand();
    }

    /// <inheritdoc />
    public void Kept(int page)
    {
        if (!Contains(page))
            return;
        _keptInARow++;
        OnKept(page);
    }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">It isn't in.</exception>
    public void Removed(int page, bool reclaimed)
    {
        if (!Contains(page))
            RefuseToRemove(page);
        _pages[page / BitsPerWord] &= ~(1ul << (page % BitsPerWord));
        Count -= PagesOf(page);
        _folios--;
        if (reclaimed)
            _keptInARow = 0;
        OnRemoved(page, reclaimed);
    }

    /// <summary>How many pages a page that is in, or is being removed, stands for: 1, or all of its folio.</summary>
    /// <param name="page">A page in the cache.</param>
    protected int PagesOf(int page) => _morePages[page] + 1;

    /// <summary>A page has come in; it is counted already.</summary>
    /// <param name="page">Not in before.</param>
    /// <param name="key">What ghosts of it are kept by.</param>
    protected abstract void OnAdded(int page, ulong key);

    /// <summary>A page that is in was hit.</summary>
    /// <param name="page">A page in the cache.</param>
    protected abstract void OnAccessed(int page);

    /// <summary>The page to give up next; called with at least one page in.</summary>
    /// <returns>A page in the cache.</returns>
    protected abstract int ChooseVictim();

    /// <summary>A page that was named isn't to be had now; the next victim should be another one.</summary>
    /// <param name="page">A page in the cache.</param>
    protected abstract void OnKept(int page);

    /// <summary>A page has left; it isn't counted any more.</summary>
    /// <param name="page">In before.</param>
    /// <param name="reclaimed">Taken as a victim, so that its key may be remembered; else its content is gone.</param>
    protected abstract void OnRemoved(int page, bool reclaimed);

    private static void RefuseToAdd(int page) => throw new InvalidOperationException($"Page {page} is in the cache already.");

    private static void RefuseToRemove(int page) => throw new InvalidOperationException($"Page {page} isn't in the cache.");

    // Ends: there is a page in, and the hand passes all words, the first one twice.
    private int NextFromHand()
    {
        var word = _hand / BitsPerWord;
        var found = _pages[word] & (ulong.MaxValue << (_hand % BitsPerWord));
        while (found == 0)
        {
            word = (word + 1) % _pages.Length;
            found = _pages[word];
        }

        var page = (word * BitsPerWord) + BitOperations.TrailingZeroCount(found);
        _hand = page + 1 == CapacityPages ? 0 : page + 1;
        return page;
    }
}
