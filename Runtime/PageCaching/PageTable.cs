using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// The pages of a cache by number, with the policy that ranks them: who has which number, and who may take a page out. Everything is under its latch, which hits never take and under which
/// nothing is read, freed or waited for; the policy is the only code of others that is called under it.
/// <code>
///   Free ─ Reserve ─► Reserved ─ Add ─► Cached ─ TryTakeVictim, TryClaim ─► Reserved ─ Release ─► Free
/// </code>
/// C2: of all who want a page out exactly one gets it from Cached to Reserved. He alone takes it off the index and then drops the cache's reference: a victim was frozen first, so nobody
/// else has it; a page that is dropped may have holders.   [PageTableTests]
/// </summary>
internal sealed class PageTable
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

    /// <summary>Takes a free number, for <see cref="Add"/> or <see cref="Release(int)"/>; if there is none, that of a victim, for the caller to take out first.</summary>
    /// <param name="page">The number; <see cref="PageCache.NoPage"/> if there is neither.</param>
    /// <param name="victim">The victim, as <see cref="TryTakeVictim"/> gives it; none if its mapping is null.</param>
    public void Reserve(out int page, out Victim victim)
    {
        victim = default;
        using (_latch.Hold())
        {
            page = _firstFree;
            if (page != None)
            {
                ref var entry = ref _pages[page];
                _firstFree = entry.NextFree;
                entry.State = PageState.Reserved;
                _inUse++;
                return;
            }

            var tries = MostTries;
            if (TryTakeVictimUnsynchronized(ref tries, out victim) || tries > 0)
            {
                page = victim.Mapping is null ? None : victim.Page;
                return;
            }
        }

        page = TryTakeVictim(out victim) ? victim.Page : None;
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

    /// <summary>A page comes into the cache, which gets a reference of the caller's. From here on it may be taken out, although nobody may have found it yet: the caller holds the mapping's latch until it can be found.</summary>
    public void Add(int page, FolioHandle handle, PageMapping mapping, long index)
    {
        _folios.CachePageOf(handle) = (uint)page;
        using (_latch.Hold())
        {
            ref var entry = ref _pages[page];
            Invariant.Require(entry.State == PageState.Reserved, "only a reserved number gets a page");
            entry = new CachedPage { Handle = handle, Index = index, Mapping = mapping.Number, State = PageState.Cached };
            _counts.Fills++;
            _policy.Added(page, mapping.KeyOf(index));
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
    /// False: somebody is about to free it, and takes it off the index when he gets the mapping's latch. It can't be got or read any more.
    /// </summary>
    public bool TryClaim(FolioHandle handle, out int page)
    {
        page = (int)_folios.CachePageOf(handle);
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
                && _mappings.OfType<PageMapping>().Sum(mapping => mapping.CountCached()) == cached.Length;
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
                ref var entry = ref _pages[page];
                victim = new Victim(page, entry.Handle, entry.Index, _mappings[entry.Mapping]!);
                TakeUnsynchronized(page, reclaimed: true);
                _counts.Reclaimed++;
                return true;
            }

            _counts.VictimsKept++;
            _policy.Kept(page);
        }

        return false;
    }

    private bool TryFreezeUnsynchronized(int page)
    {
        ref var entry = ref _pages[page];
        Invariant.Require(entry.State == PageState.Cached, "a policy names pages that are in the cache");
        return _folios.TryFreeze(entry.Handle, references: 1);
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
        _policy.Removed(page, reclaimed);
    }

    /// <summary>Tells the policy of hits. Everything about them is checked: a frame may have gone to somebody else since.</summary>
    [Glance("Which page a frame is may change meanwhile; what is found is checked, and a wrong hit only misleads the policy.")]
    private void CollectHitsUnsynchronized()
    {
        if (_hits is null)
            return;
        Span<uint> frames = stackalloc uint[AccessRings.MostCollected];
        foreach (var frame in frames[.._hits.CollectUnsynchronized(frames)])
        {
            var page = _folios.CachePageIn(frame);
            if (page < (uint)_pages.Length && _pages[page].State == PageState.Cached && _pages[page].Handle.Frame == frame)
                _policy.Accessed((int)page);
        }
    }
}
