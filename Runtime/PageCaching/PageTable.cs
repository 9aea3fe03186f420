using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// The pages of a cache by number, with the policy that ranks them: who has which number, and who may take a page out. Everything is under its latch, which hits never take and under which
/// nothing is read, freed or waited for; the policy is the only code of others that is called under it.
/// <code>
///   Free ─ TakePlace ─► Reserved ─ Add ─► Cached ─ TryTakeVictim, TryClaim, Withdraw ─► Reserved ─ Release ─► Free
///                                         Cached ─ TakePlace ─► Cached: another page, in the same frame
/// </code>
/// A page is in the table from when its room is taken. Until it is filled it can't be frozen, because whoever fills it has a reference, and nobody finds it in an index.
/// C2: of all who want a page out exactly one gets it from Cached to Reserved. He alone takes it off the index and then drops the cache's reference: a victim was frozen first, so nobody
/// else has it; a page that is dropped may have holders.   [PageTableTests]
/// </summary>
internal sealed partial class PageTable
{
    private const int None = -1;

    /// <summary>Most victims that are looked at without letting others in.</summary>
    private const int MostTries = 32;

    private readonly Latch _latch = new();
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
            _pages[page] = new CachedPage { NextFree = page + 1 < capacityPages ? page + 1 : None };
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
    /// A place for a page that is to be filled: a free number, or else the number and the frame of the page that the cache can best do without: frozen, taken off its index and in its next life, all in
    /// one hold of the latch, so that the frame doesn't go through the allocator.   [cache-… scenarios]
    /// </summary>
    /// <param name="mapping">The page's mapping.</param>
    /// <param name="index">Which page of it.</param>
    /// <param name="folio">The folio, if a frame was taken: in the table already, with two references, the caller's and the cache's, and nobody else can reach it.</param>
    /// <param name="worn">A victim whose frame is worn out, for the caller to free before the number gets another; the default: there is none.</param>
    /// <returns>The number, reserved for the caller unless a frame was taken; <see cref="PageCache.NoPage"/>: all pages are held.</returns>
    public int TakePlace(PageMapping mapping, long index, out FolioReference folio, out FolioHandle worn)
    {
        folio = default;
        worn = default;

        // Ends: as in TryTakeVictim.
        for (var left = 3L * _pages.Length; left > 0; left -= MostTries)
        {
            using (_latch.Hold())
            {
                if (!MayHaveMore(mapping))
                    return TryTakeOwnUnsynchronized(mapping, out var own) ? ReplaceUnsynchronized(own, mapping, index, out folio, out worn) : PageCache.NoPage;
                if (TryReserveUnsynchronized(out var page))
                    return page;
                var tries = MostTries;
                if (TryTakeVictimUnsynchronized(ref tries, out var victim))
                    return ReplaceUnsynchronized(victim, mapping, index, out folio, out worn);
                if (tries > 0)
                    break;
            }
        }

        return PageCache.NoPage;
    }

    /// <summary>Frees a number that the caller has reserved.</summary>
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

    /// <summary>A page that is to be filled gets a reserved number, and the cache one of the folio's references. The caller's own keeps it from being taken out.</summary>
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
            _counts.Fills--;
        }
    }

    /// <summary>
    /// Finds the page that the cache can best do without and that nobody holds, freezes it and reserves its number for the caller, who takes it off the index and frees it. A page with a
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
    /// Reserves the number of a page that is dropped, whoever holds it, for the caller, who has found it in the index under the mapping's latch and takes it off.
    /// False: somebody is about to free it, or has, and takes it off the index. It can't be got or read any more.
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
            TakeUnsynchronized(page, reclaimed: false);
            return true;
        }
    }

    /// <summary>Whether lists, counts and the mappings' indices agree. For when nothing is under way.</summary>
    public bool IsValid()
    {
        using (_latch.Hold())
        {
            var free = 0;
            for (var page = _firstFree; page != None && free <= _pages.Length; page = _pages[page].NextFree)
                free += _pages[page].State == PageState.Free ? 1 : _pages.Length;
            var cached = _pages.Where(page => page.State == PageState.Cached).ToArray();
            return free + _inUse == _pages.Length
                && cached.Length == _inUse
                && cached.All(page => _folios.IsAlive(page.Handle) && _mappings[page.Mapping]?.Find(page.Index) == page.Handle)
                && _mappings.OfType<PageMapping>().Sum(mapping => mapping.CountCached()) == cached.Length
                && _mappings.OfType<PageMapping>().All(mapping => mapping.CountCached() == mapping.Held.Count);
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
        var victim = new Victim(page, entry.Handle, entry.Index, _mappings[entry.Mapping]!);
        TakeUnsynchronized(page, reclaimed: true);
        _counts.Reclaimed++;
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
        victim.Mapping.RemoveVictim(victim.Index, victim.Handle);
        if (_folios.TryReviveFrozen(victim.Handle, PageCache.ReferencesToFill, out folio))
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

    private bool TryReserveUnsynchronized(out int page)
    {
        page = _firstFree;
        if (page == None)
            return false;
        ref var entry = ref _pages[page];
        _firstFree = entry.NextFree;
        entry.State = PageState.Reserved;
        _inUse++;
        return true;
    }

    private void AddUnsynchronized(int page, FolioHandle handle, PageMapping mapping, long index)
    {
        ref var entry = ref _pages[page];
        Invariant.Require(entry.State == PageState.Reserved, "only a reserved number gets a page");
        _folios.CachePageOf(handle) = (uint)page;
        entry = new CachedPage { Handle = handle, Index = index, Mapping = mapping.Number, State = PageState.Cached };
        LinkUnsynchronized(page);
        _counts.Fills++;
        _policy.Added(page, mapping.KeyOf(index));
    }

    private void ReleaseUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        Invariant.Require(entry.State == PageState.Reserved, "only a reserved number is released");
        entry = new CachedPage { NextFree = _firstFree };
        _firstFree = page;
        _inUse--;
    }

    private void TakeUnsynchronized(int page, bool reclaimed)
    {
        _pages[page].State = PageState.Reserved;
        UnlinkUnsynchronized(page);
        _policy.Removed(page, reclaimed);
    }

    /// <summary>Tells the policy of hits. Everything about them is checked: a frame may have gone to somebody else since.</summary>
    [Glance("Which page a frame is may change meanwhile; what is found is checked, and a wrong hit only misleads the policy.")]
    [SkipLocalsInit]
    private void CollectHitsUnsynchronized()
    {
        if (_hits is null)
            return;
        Span<uint> frames = stackalloc uint[AccessRings.MostCollected];
        foreach (var frame in frames[.._hits.CollectUnsynchronized(frames)])
        {
            var page = _folios.CachePageIn(frame);
            if (page < (uint)_pages.Length && _pages[page].State == PageState.Cached && _pages[page].Handle.Frame == frame)
            {
                _pages[page].IsHit = true;
                _policy.Accessed((int)page);
            }
        }
    }
}
