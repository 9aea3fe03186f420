using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// The slabs of one cache: what stands behind the threads' stacks. Slots come and go in batches, under the cache's latch, which nests
/// outside the page allocator's. Linux: <c>kmem_cache_node</c>.
/// <code>
///   new slab ─► Partial ◄─► Full            Take: from Partial, then Empty, else the caller grows
///                │  ▲                       Give: back to its slab; when the last slot is back, Empty or to the pages
///                ▼  │
///               Empty ─► pages              a slab mostly retired: Worn, from which nothing is taken, then to the pages
/// </code>
/// </summary>
internal sealed class SlabStore(SlabRegistry registry, uint cacheId, string cacheName, SlabLayout layout, int emptySlabsKept, bool trustPriorContent)
{
    private readonly Latch _latch = new();
    private readonly FrameTable _tables = registry.Tables;
    private readonly SlabWindows _windows = new(registry.Tables, registry.Generations, layout);
    private readonly SlabList _partial = new(registry.Tables, SlabListKind.Partial);
    private readonly SlabList _empty = new(registry.Tables, SlabListKind.Empty);

    // All under the latch.
    private readonly List<(uint Index, string Reason)> _found = [];
    private int _emptySlabsKept = emptySlabsKept;
    private bool _closed;
    private long _slabs;
    private long _slots;
    private long _free;
    private long _retired;
    private long _quarantinedSlabs;
    private long _quarantinedSlots;
    private long _slabsCreated;
    private long _slotsRetiredEver;

    /// <summary>Whether slots keep their content for ever, so that no slab with a free slot may go.</summary>
    private bool KeepsAll => _emptySlabsKept == int.MaxValue;

    /// <summary>Takes up to a number of free slots out of the slabs there are. Returns how many.</summary>
    public int Take(Span<uint> destination)
    {
        int taken;
        using (_latch.Hold())
            taken = _closed ? 0 : TakeUnsynchronized(destination);
        ReportFound();
        return taken;
    }

    /// <summary>Puts free slots back into their slabs; their words are dead and nobody else has them.</summary>
    public void Give(ReadOnlySpan<uint> slots)
    {
        using (_latch.Hold())
        {
            foreach (var slot in slots)
                GiveUnsynchronized(slot);
        }

        ReportFound();
    }

    /// <summary>Takes a slot whose word has issued its last generation out of circulation; its memory still goes back with the slab.</summary>
    public void Retire(uint slot)
    {
        using (_latch.Hold())
        {
            var head = HeadOf(slot);
            if (!TryCheck(head))
                return;
            ref var header = ref _tables.Header(head);
            _tables.Frame(slot >> _tables.SlotShift).RetiredSlotWords++;
            header.RetiredCount++;
            _retired++;
            _slotsRetiredEver++;
            if (header.IsEmpty)
                EmptiedUnsynchronized(head, ref header);
            else if (IsWorn(in header) && header.List == SlabListKind.Partial)
                _partial.MoveOut(head, SlabListKind.Worn);
        }
    }

    /// <summary>Adds a slab and takes slots from it in one go. 0: no pages to be had, or closed; nothing changed.</summary>
    public int GrowAndTake(Span<uint> destination)
    {
        if (!_windows.TryAllocate(registry.Pages, out var head, out var firstIndex))
            return 0;
        if (!trustPriorContent)
            registry.Pages.Clear(new FrameNumber(head), layout.FrameCount);
        using (_latch.Hold())
        {
            if (!_closed)
            {
                AddUnsynchronized(head, firstIndex);
                return TakeUnsynchronized(destination);
            }
        }

        // Closed meanwhile: nothing may come to life in a cache that its runtime may have forgotten.
        registry.Pages.FreeExact(new FrameNumber(head), layout.FrameCount);
        return 0;
    }

    /// <summary>Gives all wholly empty slabs back to the pages, unless the cache keeps them whatever happens.</summary>
    public void ReleaseEmpty()
    {
        using (_latch.Hold())
        {
            while (_empty.Count > 0 && !KeepsAll)
                ReleaseUnsynchronized(_empty.First, ref _tables.Header(_empty.First));
        }
    }

    /// <summary>From now on no slot is taken and no empty slab is kept.</summary>
    public void Close()
    {
        using (_latch.Hold())
        {
            _closed = true;
            _emptySlabsKept = 0;
        }

        ReleaseEmpty();
    }

    public SlabStoreCounts Counts()
    {
        using (_latch.Hold())
        {
            return new SlabStoreCounts(
                _slabs, _slots, _free, _retired, _empty.Count, _quarantinedSlabs, _quarantinedSlots, _slabsCreated, _slotsRetiredEver);
        }
    }

    /// <summary>Whether every count and list agrees with the headers and bitmaps. For tests; walks all listed slabs.</summary>
    public bool IsValid()
    {
        using (_latch.Hold())
            return _partial.All(IsValidSlab) && _empty.All(IsValidSlab);
    }

    private int TakeUnsynchronized(Span<uint> destination)
    {
        var taken = 0;

        // Ends: each turn takes a slot or takes a slab off a list.
        while (taken < destination.Length)
        {
            var list = _partial.Count > 0 ? _partial : _empty;
            if (list.Count == 0)
                break;
            var head = list.First;
            if (!TryCheck(head))
                continue;
            ref var header = ref _tables.Header(head);
            var got = Bitmap(head).Take(destination[taken..], header.FirstIndex);
            taken += got;
            header.FreeCount -= (uint)got;
            _free -= got;
            list.MoveOut(head, SlabListKind.Full);
            if (header.FreeCount > 0)
                _partial.AddFirst(head);
        }

        return taken;
    }

    private void GiveUnsynchronized(uint slot)
    {
        var head = HeadOf(slot);
        if (!TryCheck(head))
            return;
        ref var header = ref _tables.Header(head);
        var ordinal = slot - header.FirstIndex;
        var bitmap = Bitmap(head);
        if (ordinal >= header.SlotCount || bitmap.IsSet(ordinal))
        {
            Quarantine(head, $"slot {slot} was given back while it was free");
            return;
        }

        bitmap.Set(ordinal);
        header.FreeCount++;
        _free++;
        if (header.IsEmpty)
        {
            EmptiedUnsynchronized(head, ref header);
        }
        else if (header.List == SlabListKind.Full)
        {
            // At the end, so that slabs are used in turn and the one filled last isn't worn alone.
            if (IsWorn(in header))
                header.List = SlabListKind.Worn;
            else
                _partial.AddLast(head);
        }
    }

    private void EmptiedUnsynchronized(uint head, ref SlabHeader header)
    {
        if (header.List == SlabListKind.Partial)
            _partial.MoveOut(head, SlabListKind.Full);
        var kept = KeepsAll ? header.FreeCount > 0 : _empty.Count < _emptySlabsKept && header.RetiredCount == 0;
        if (kept)
            _empty.AddFirst(head);
        else
            ReleaseUnsynchronized(head, ref header);
    }

    private void AddUnsynchronized(uint head, uint firstIndex)
    {
        ref var header = ref _tables.Header(head);
        header = default;
        header.CacheId = cacheId;
        header.FirstIndex = firstIndex;
        header.SlotCount = (uint)layout.SlotCount;
        header.FrameCount = (uint)layout.FrameCount;
        header.Cookie = registry.CookieFor(head, cacheId);

        var bitmap = Bitmap(head);
        bitmap.Clear();
        for (var ordinal = 0u; ordinal < header.SlotCount; ordinal++)
        {
            if (_windows.IsUsable(firstIndex + ordinal))
                bitmap.Set(ordinal);
        }

        header.FreeCount = (uint)bitmap.Count();
        header.RetiredCount = header.SlotCount - header.FreeCount;
        header.List = SlabListKind.Full;
        var origin = registry.Pages.Arena.Address(new FrameNumber(head)) - (nint)((long)firstIndex * layout.StrideBytes);
        for (var frame = head; frame < head + header.FrameCount; frame++)
        {
            ref var entry = ref _tables.Frame(frame);
            entry.SlabHead = head;
            entry.SlabOrigin = origin;
            Atomics.StoreRelease(ref entry.SlabCacheId, cacheId);
        }

        _slabs++;
        _slabsCreated++;
        _slots += header.SlotCount;
        _free += header.FreeCount;
        _retired += header.RetiredCount;
        _partial.AddFirst(head);
    }

    private void ReleaseUnsynchronized(uint head, ref SlabHeader header)
    {
        if (header.List == SlabListKind.Empty)
            _empty.MoveOut(head, SlabListKind.None);
        Invariant.Check(header.IsEmpty, "only an empty slab goes back to the pages");
        _slabs--;
        _slots -= header.SlotCount;
        _free -= header.FreeCount;
        _retired -= header.RetiredCount;
        for (var frame = head; frame < head + header.FrameCount; frame++)
            Atomics.StoreRelease(ref _tables.Frame(frame).SlabCacheId, 0);
        header.Cookie = 0;
        header.List = SlabListKind.None;
        registry.Pages.FreeExact(new FrameNumber(head), layout.FrameCount);
    }

    /// <summary>Tells of damage found, after the latch is released: listeners are user code.</summary>
    private void ReportFound()
    {
        if (_found.Count == 0)
            return;
        (uint Index, string Reason)[] found;
        using (_latch.Hold())
        {
            found = [.. _found];
            _found.Clear();
        }

        foreach (var (index, reason) in found)
            registry.Violations.Report(ViolationKind.Corruption, cacheName, index, 0, reason + "; the slab is quarantined");
    }

    /// <summary>More than half of its slots have spent their generations: better emptied and given back than allocated from.</summary>
    private bool IsWorn(in SlabHeader header) => header.RetiredCount * 2 > header.SlotCount && !KeepsAll;

    private uint HeadOf(uint slot) => _tables.Frame(slot >> _tables.SlotShift).SlabHead;

    /// <summary>Whether the header is still what this cache wrote. If not the slab is quarantined.</summary>
    private bool TryCheck(uint head)
    {
        ref var header = ref _tables.Header(head);
        if (header.List == SlabListKind.Quarantined)
            return false;
        if (header.Cookie == registry.CookieFor(head, cacheId) && header.CacheId == cacheId && header.SlotCount == layout.SlotCount)
            return true;
        Quarantine(head, "the slab header's cookie is wrong");
        return false;
    }

    private void Quarantine(uint head, string reason)
    {
        ref var header = ref _tables.Header(head);
        if (header.List == SlabListKind.Partial)
            _partial.MoveOut(head, SlabListKind.Quarantined);
        else if (header.List == SlabListKind.Empty)
            _empty.MoveOut(head, SlabListKind.Quarantined);
        header.List = SlabListKind.Quarantined;
        _quarantinedSlabs++;
        _quarantinedSlots += layout.SlotCount;
        _free -= Bitmap(head).Count();
        _found.Add((header.FirstIndex, reason));
    }

    // SAFETY: the bitmap table has slots-per-frame bits for each of the slab's frames, committed with them, and the slab has no more slots than that.
    private unsafe SlotBitmap Bitmap(uint head) =>
        new(new Span<ulong>((void*)_tables.SlotBitmapAddress(head), SlotBitmap.WordsFor(layout.SlotCount)));

    private bool IsValidSlab(uint head)
    {
        ref var header = ref _tables.Header(head);
        return header.Cookie == registry.CookieFor(head, cacheId)
            && Bitmap(head).Count() == header.FreeCount
            && header.FreeCount + header.RetiredCount <= header.SlotCount
            && header.IsEmpty == (header.List == SlabListKind.Empty);
    }
}
