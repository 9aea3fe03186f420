using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// The folios of a cache by number, with the policy that ranks them: who has which number, and who may take a page out. Everything is under its latch, which hits never take and under which
/// nothing is read, freed or waited for; the policy is the only code of others that is called under it.
/// <code>
///   Free ─ TakePlace ─► Reserved ─ Add ─► Cached ─ TryTakeVictim, TryClaim, Withdraw ─► Reserved ─ Release ─► Free
///                                         Cached ─ TakePlace ─► Cached: another folio, in the same frames
/// </code>
/// A folio of several pages has as many numbers, so that capacity counts pages; the policy knows it by the first. It is dropped page by page, and goes with the last.
/// A page is in the table from when its room is taken. Until it is filled it can't be frozen, because whoever fills it has a reference, and nobody finds it in an index.
/// C2: of all who want a page out exactly one gets it from Cached to Reserved. He alone takes it off the index and then drops the cache's reference: a victim was frozen first, so nobody
/// else has it; a page that is dropped may have holders.   [PageTableTests]
/// </summary>
internal sealed partial class PageTable
{
    private const int None = -1;

    /// <summary>Most victims that are looked at without letting others in.</summary>
    private const int MostTries = 32;

    /// <summary>A folio of several pages is at most this part of a mapping's quota.</summary>
    private const int LargestPartOfQuota = 4;

    private readonly BriefLatch _latch = new();
    private readonly FolioAllocator _folios;
    private readonly IReplacementPolicy _policy;
    private readonly AccessRings? _hits;
    private readonly CachedPage[] _pages;
    private readonly List<PageMapping?> _mappings = [];
    private int _firstFree;
    private int _inUse;
    private PageCounts _counts;

    public PageTable(FolioAllocator folios, IReplacementPolicy policy, int capacityPages, AccessRings? hits)
    {
        _folios = folios;
        _policy = policy;
        _hits = hits;
        _pages = GC.AllocateUninitializedArray<CachedPage>(capacityPages);
        for (var page = 0; page < capacityPages; page++)
            _pages[page] = new CachedPage { Next = page + 1 < capacityPages ? page + 1 : None };
    }

    public int CapacityPages => _pages.Length;

    /// <summary>Numbers that aren't free.</summary>
    public int InUse
    {
        get
        {
            using (_latch.Hold())
                return _inUse;
        }
    }

    /// <summary>What has happened so far, as the table knows it.</summary>
    public PageCounts Counts
    {
        get
        {
            using (_latch.Hold())
                return _counts;
        }
    }

    /// <summary>Gives a mapping its number.</summary>
    public int AddMapping(PageMapping mapping)
    {
        using (_latch.Hold())
        {
            var number = _mappings.IndexOf(null);
            if (number < 0)
            {
                _mappings.Add(mapping);
                return _mappings.Count - 1;
            }

            _mappings[number] = mapping;
            return number;
        }
    }

    /// <summary>Takes a mapping's number back. It has no page any more, and gets none.</summary>
    public void RemoveMapping(int number)
    {
        using (_latch.Hold())
            _mappings[number] = null;
    }

    /// <summary>The mappings that are there.</summary>
    public PageMapping[] Mappings()
    {
        using (_latch.Hold())
            return [.. _mappings.OfType<PageMapping>()];
    }

    /// <summary>
    /// A place for a folio that is to be filled: free numbers, or else the numbers and frames of the folio of this size that the cache can best do without: frozen, taken off its index and in its next life, all in
    /// one hold of the latch, so that the frames don't go through the allocator. Folios of other sizes that come first give way likewise, and are freed.   [cache-… scenarios]
    /// </summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="index">Which page of it is the first.</param>
    /// <param name="order">2^order pages.</param>
    /// <param name="folio">The folio, if frames were taken: in the table already, with two references, the caller's and the cache's, and nobody else can reach it.</param>
    /// <param name="worn">A victim whose frame isn't taken, for the caller to free before the number gets another: it is worn out, or has a destructor, which isn't run under the latch. The default: there is none.</param>
    /// <returns>The number, reserved for the caller unless a frame was taken; <see cref="PageCache.NoPage"/>: all pages are held.</returns>
    public int TakePlace(PageMapping mapping, long index, int order, out FolioReference folio, out FolioHandle worn)
    {
        folio = default;
        worn = default;

        // Ends: as in TryTakeVictim; and each turn takes a try.
        for (var left = 3L * _pages.Length; left > 0;)
        {
            Victim victim;
            using (_latch.Hold())
            {
                var tries = MostTries;
                if (order > 0 && mapping.Held.Quota != 0 && LargestPartOfQuota << order > mapping.Held.Quota)
                    return PageCache.NoPage;
                if (!MayHaveMore(mapping, order))
                {
                    if (!TryTakeOwnUnsynchronized(mapping, out victim))
                        return PageCache.NoPage;
                    left--;
                }
                else if (TryReserveUnsynchronized(order, out var page))
                {
                    return page;
                }
                else if (!TryTakeVictimUnsynchronized(ref tries, out victim))
                {
                    if (tries > 0)
                        break;
                    left -= MostTries;
                    continue;
                }

                left -= MostTries - tries;
                if (victim.Order == order)
                    return ReplaceUnsynchronized(victim, mapping, index, out folio, out worn);
            }

            FreeVictim(victim);
        }

        return PageCache.NoPage;
    }

    /// <summary>Takes a victim off its index, frees its frames, and then its numbers.</summary>
    public void FreeVictim(Victim victim)
    {
        victim.Mapping.RemoveVictim(victim);
        _folios.FreeFrozen(victim.Handle);
        Release(victim.Page);
    }

    /// <summary>Frees a number that the caller has reserved, with those of the folio's other pages.</summary>
    public void Release(int page) => Release([page]);

    /// <summary>Frees numbers that the caller has reserved.</summary>
    public void Release(ReadOnlySpan<int> pages)
    {
        using (_latch.Hold())
        {
            foreach (var page in pages)
                ReleaseUnsynchronized(page);
        }
    }

    /// <summary>A folio that is to be filled gets a reserved number, and the cache one of the folio's references. The caller's own keeps it from being taken out.</summary>
    public void Add(int page, FolioHandle handle, PageMapping mapping, long index)
    {
        using (_latch.Hold())
            AddUnsynchronized(page, handle, mapping, index);
    }

    /// <summary>Reserves the number of a page whose fill was in vain, for the caller, who drops its references and releases the number. Nobody has found the page, so nobody else takes it out.</summary>
    public void Withdraw(int page, FolioHandle handle)
    {
        using (_latch.Hold())
        {
            ref var entry = ref _pages[page];
            Invariant.Require(entry.State == PageState.Cached && entry.Handle == handle, "only who fills a page withdraws it");
            TakeUnsynchronized(page, reclaimed: false);
            _counts.Fills -= 1 << entry.Order;
            _counts.LargeFolios -= entry.Order > 0 ? 1 : 0;
        }
    }

    /// <summary>Some pages of a folio that is filled are in vain: they don't come into the index. Before the others do; at least one does.</summary>
    public void WithdrawPages(int page, int pages)
    {
        using (_latch.Hold())
        {
            _pages[page].PagesThere -= pages;
            Invariant.Require(_pages[page].State == PageState.Cached && _pages[page].PagesThere > 0, "a folio of which nothing is there is withdrawn as a whole");
        }
    }

    /// <summary>
    /// Finds the folio that the cache can best do without and that nobody holds, freezes it and reserves its number for the caller, who takes it off the index and frees it. A folio with a
    /// reference besides the cache's is kept.   [PageCacheReclaimTests]
    /// </summary>
    /// <returns>False: all pages are held, or there are none.</returns>
    public bool TryTakeVictim(out Victim victim)
    {
        // Ends: a policy names each page within three times as many calls as there are pages.
        for (var left = 3L * _pages.Length; left > 0; left -= MostTries)
        {
            using (_latch.Hold())
            {
                var tries = MostTries;
                if (TryTakeVictimUnsynchronized(ref tries, out victim) || tries > 0)
                    return victim.Mapping is not null;
            }
        }

        victim = default;
        return false;
    }

    /// <summary>
    /// Takes note of a page that is dropped, whoever holds it, and that the caller has found in the index under the mapping's latch and takes off. If it is the last of its folio, the folio's number is reserved for him,
    /// else there is none. False: somebody is about to free it, or has, and takes it off the index. It can't be got or read any more.
    /// </summary>
    public bool TryClaim(FolioHandle handle, out int page)
    {
        // Somebody may take the page off the index at this moment and free it: then the frame may be anybody's.
        page = (int)_folios.CachePageIn(handle.Frame);
        if ((uint)page >= (uint)_pages.Length)
            return false;
        using (_latch.Hold())
        {
            ref var entry = ref _pages[page];
            if (entry.State != PageState.Cached || entry.Handle != handle)
                return false;
            if (--entry.PagesThere == 0)
                TakeUnsynchronized(page, reclaimed: false);
            else
                page = PageCache.NoPage;
            return true;
        }
    }

    /// <summary>Looks at a number of victims at most. Some tries left, and no victim: there is no page.</summary>
    private bool TryTakeVictimUnsynchronized(ref int tries, out Victim victim)
    {
        CollectHitsUnsynchronized();
        victim = default;
        for (; tries > 0; tries--)
        {
            var page = _policy.NextVictim();
            if (page < 0)
                return false;
            if (TryFreezeUnsynchronized(page))
            {
                victim = TakeVictimUnsynchronized(page);
                return true;
            }

            _counts.VictimsKept++;
            _policy.Kept(page);
        }

        return false;
    }

    private Victim TakeVictimUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        var victim = new Victim(page, entry.Handle, entry.Index, entry.Order, _mappings[entry.Mapping]!);
        TakeUnsynchronized(page, reclaimed: true);
        _counts.Reclaimed += 1 << entry.Order;
        return victim;
    }

    private bool TryFreezeUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        Invariant.Require(entry.State == PageState.Cached, "a policy names pages that are in the cache");
        return _folios.TryFreeze(entry.Handle, references: 1);
    }

    private int ReplaceUnsynchronized(Victim victim, PageMapping mapping, long index, out FolioReference folio, out FolioHandle worn)
    {
        victim.Mapping.RemoveVictim(victim);
        folio = default;
        if (victim.Mapping.Type is null && _folios.TryReviveFrozen(victim.Handle, PageCache.ReferencesToFill, out folio))
        {
            AddUnsynchronized(victim.Page, folio.Handle, mapping, index);
            worn = default;
        }
        else
        {
            worn = victim.Handle;
        }

        return victim.Page;
    }

    private bool TryReserveUnsynchronized(int order, out int page)
    {
        page = _firstFree;
        var pages = 1 << order;
        if (_pages.Length - _inUse < pages)
            return false;
        var last = page;
        for (var tail = 1; tail < pages; tail++)
        {
            last = _pages[last].Next;
            _pages[last].State = PageState.Tail;
        }

        _firstFree = _pages[last].Next;
        _pages[last].Next = None;
        _pages[page].State = PageState.Reserved;
        _pages[page].Order = (byte)order;
        _inUse += pages;
        return true;
    }

    private void AddUnsynchronized(int page, FolioHandle handle, PageMapping mapping, long index)
    {
        ref var entry = ref _pages[page];
        Invariant.Require(entry.State == PageState.Reserved, "only a reserved number gets a page");
        _folios.CachePageOf(handle) = (uint)page;
        var (order, next) = (entry.Order, entry.Next);
        entry = new CachedPage { Handle = handle, Index = index, Mapping = mapping.Number, State = PageState.Cached, Order = order, PagesThere = 1 << order, Next = next };
        LinkUnsynchronized(page);
        _counts.Fills += 1 << order;
        if (order == 0)
        {
            _policy.Added(page, mapping.KeyOf(index));
            return;
        }

        _counts.LargeFolios++;
        _policy.Added(page, mapping.KeyOf(index), 1 << order);
    }

    private void ReleaseUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        Invariant.Require(entry.State == PageState.Reserved, "only a reserved number is released");
        _inUse -= 1 << entry.Order;

        // Ends: goes through the folio's own numbers.
        for (var next = page; next != None;)
        {
            page = next;
            next = _pages[page].Next;
            _pages[page] = new CachedPage { Next = _firstFree };
            _firstFree = page;
        }
    }

    private void TakeUnsynchronized(int page, bool reclaimed)
    {
        _pages[page].State = PageState.Reserved;
        UnlinkUnsynchronized(page);
        _policy.Removed(page, reclaimed);
    }
}
