using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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
/// Where threads own slabs (<see cref="SlabOwner"/>) each has a list of its own in place of Partial, and the slabs of Partial and Empty are nobody's.
/// </summary>
internal sealed partial class SlabStore(
    SlabRegistry registry, uint cacheId, SlabReporter reporter, SlabLadder layouts, int emptySlabsKept, bool trustPriorContent, SlabDebug? debug = null)
{
    // No slab begins there: there are fewer frames.
    private const uint NoSlab = uint.MaxValue;

    private readonly Latch _latch = new();
    private readonly FrameTable _tables = registry.Tables;
    private readonly SlabWindows _windows = new(registry.Tables, registry.Generations);
    private readonly SlabList _partial = new(registry.Tables, SlabListKind.Partial);
    private readonly SlabList _empty = new(registry.Tables, SlabListKind.Empty);

    // All under the latch.
    private int _emptySlabsKept = emptySlabsKept;
    private bool _closed;
    private long _slabs;
    private long _frames;
    private long _slots;
    private long _free;
    private long _retired;
    private long _wornSlabs;
    private long _quarantinedSlabs;
    private long _quarantinedSlots;
    private long _slabsCreated;
    private long _slotsRetiredEver;
    private long _returned;

    /// <summary>Whether slots keep their content for ever, so that no slab with a free slot may go.</summary>
    private bool KeepsAll => _emptySlabsKept == int.MaxValue;

    /// <summary>Takes up to a number of free slots out of the slabs there are. Returns how many; none once the store is closed.</summary>
    /// <param name="destination">Receives the slots.</param>
    /// <param name="thread">The calling thread's stack, where threads own the slabs that they take from; else none.</param>
    public int Take(Span<uint> destination, ThreadStack thread = default)
    {
        int taken;
        using (_latch.Hold())
            taken = _closed ? 0 : TakeUnsynchronized(destination, thread);
        ReportFound();
        return taken;
    }

    /// <summary>Puts free slots back into their slabs; their words are dead and nobody else has them.</summary>
    public void Give(ReadOnlySpan<uint> slots)
    {
        GiveQuietly(slots);
        ReportFound();
    }

    /// <summary>As <see cref="Give"/>, of a slot whose object has just ended: it counts as returned here, and not where it might have been pushed.</summary>
    public void Return(uint slot)
    {
        using (_latch.Hold())
        {
            GiveUnsynchronized(slot);
            _returned++;
        }

        ReportFound();
    }

    /// <summary>As <see cref="Give"/>, for callers that hold a latch: they call <see cref="ReportFound"/> once they don't.</summary>
    public void GiveQuietly(ReadOnlySpan<uint> slots)
    {
        using (_latch.Hold())
        {
            var checkedHead = NoSlab;
            foreach (var slot in slots)
                GiveUnsynchronized(slot, ref checkedHead);
        }
    }

    /// <summary>Takes a slot whose object has just ended and whose word has issued its last generation out of circulation; its memory still goes back with the slab.</summary>
    public void Retire(uint slot)
    {
        using (_latch.Hold())
        {
            RetireUnsynchronized(slot);
            _returned++;
        }

        ReportFound();
    }

    /// <summary>Adds a slab and takes slots from it in one go. 0: no pages to be had, or the store is closed; nothing changed.</summary>
    public int GrowAndTake(Span<uint> destination, ThreadStack thread = default)
    {
        if (!TryAllocate(out var layout, out var head, out var firstIndex))
            return 0;
        if (!trustPriorContent)
            registry.Pages.Clear(new FrameNumber(head), layout.FrameCount);
        var taken = 0;
        var added = false;
        using (_latch.Hold())
        {
            // After the close nothing would give the slab back, nor its cache be found by whoever meets one of its objects.
            if (!_closed)
            {
                added = true;
                AddUnsynchronized(layout, head, firstIndex);
                taken = TakeUnsynchronized(destination, thread);

                // Returns that the owner took in on the way may have sufficed: the slab is then an empty one, as any other.
                ref var header = ref _tables.Header(head);
                if (header.List == SlabListKind.Partial && header.IsEmpty)
                    EmptiedUnsynchronized(head, ref header);
            }
        }

        if (!added)
            registry.Pages.FreeExact(new FrameNumber(head), layout.FrameCount);
        ReportFound();
        return taken;
    }

    /// <summary>Pages for a new slab, of the layout that the cache's size allows, or of the largest below that for which there are some.</summary>
    private bool TryAllocate([NotNullWhen(true)] out SlabLayout? layout, out uint head, out uint firstIndex)
    {
        layout = layouts.Smallest;
        if (!layouts.IsSingle)
        {
            using (_latch.Hold())
                layout = layouts.Next(_frames, _owners.Count);
        }

        // Ends: each turn takes a smaller layout.
        while (!_windows.TryAllocate(registry.Pages, layout, out head, out firstIndex))
        {
            layout = layouts.Below(layout);
            if (layout is null)
                return false;
        }

        return true;
    }

    /// <summary>Gives all wholly empty slabs back to the pages, and the memory of large ones' free frames to the system, unless the cache keeps them whatever happens.</summary>
    public void ReleaseEmpty()
    {
        using (_latch.Hold())
        {
            // Ends: each turn takes a slab off the list, or finds damage and makes the lists anew without it.
            while (_empty.Count > 0 && !KeepsAll)
            {
                var head = _empty.First;
                if (TryCheck(head) && TryCheckLinks(_empty, head))
                    ReleaseUnsynchronized(head, ref _tables.Header(head));
            }
        }

        DiscardFreeFrames(onlyIdle: false);
        ReportFound();
    }

    /// <summary>From now on no slab is added, no slot taken and no empty slab kept.</summary>
    public void Close()
    {
        using (_latch.Hold())
        {
            _closed = true;
            _emptySlabsKept = 0;
            DisownAllUnsynchronized();
        }

        ReleaseEmpty();
    }

    /// <summary>Whether it is closed and its last slab is gone: from then on no object of it can exist.</summary>
    public bool IsGone
    {
        get
        {
            using (_latch.Hold())
                return _closed && _slabs == 0;
        }
    }

    public SlabStoreCounts Counts()
    {
        using (_latch.Hold())
        {
            return new SlabStoreCounts(
                _slabs, _frames, _slots, _free, _retired, _empty.Count, _quarantinedSlabs, _quarantinedSlots, _slabsCreated, _slotsRetiredEver, _wornSlabs, _owners.Count, _owners.Values.Sum(owner => owner.Inbox.Count), _returned);
        }
    }

    /// <summary>Whether every count and list agrees with the headers and bitmaps. For tests; walks all listed slabs.</summary>
    public bool IsValid()
    {
        using (_latch.Hold())
            return _partial.All(IsValidSlab) && _empty.All(IsValidSlab) && _owners.Values.All(owner => owner.Partial.All(IsValidSlab));
    }

    private void RetireUnsynchronized(uint slot)
    {
        if (!TryFindSlab(slot, out var head))
            return;
        ref var header = ref _tables.Header(head);
        _tables.Frame(slot >> _tables.SlotShift).RetiredSlotWords++;
        _wornSlabs -= IsMostlyRetired(in header) ? 1 : 0;
        header.RetiredCount++;
        _wornSlabs += IsMostlyRetired(in header) ? 1 : 0;
        _retired++;
        _slotsRetiredEver++;
        if (header.IsEmpty)
            EmptiedUnsynchronized(head, ref header);
        else if (IsWorn(in header) && header.List is SlabListKind.Partial or SlabListKind.OwnedPartial && PartialOf(head) is var partial && TryCheckLinks(partial, head))
            partial.MoveOut(head, SlabListKind.Worn);
    }

    private void EmptiedUnsynchronized(uint head, ref SlabHeader header)
    {
        if (header.List is SlabListKind.Partial or SlabListKind.OwnedPartial)
        {
            var partial = PartialOf(head);
            if (!TryCheckLinks(partial, head))
                return;
            partial.MoveOut(head, SlabListKind.Full);
        }

        // None of its slots is out, so no word of it is anyone's to write.
        header.List = SlabListKind.Full;
        if (_owners.Count > 0)
            SetOwner(head, 0);
        if (KeepsAll ? header.FreeCount > 0 : _empty.Count < _emptySlabsKept && header.RetiredCount == 0)
            _empty.AddFirst(head);
        else
            ReleaseUnsynchronized(head, ref header);
    }

    private void AddUnsynchronized(SlabLayout layout, uint head, uint firstIndex)
    {
        ref var header = ref _tables.Header(head);
        header = default;
        header.CacheId = cacheId;
        header.FirstIndex = firstIndex;
        header.SlotCount = (uint)layout.SlotCount;
        header.FrameCount = (uint)layout.FrameCount;
        header.Cookie = registry.CookieFor(head, in header);

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
        debug?.Add(head, firstIndex, bitmap);
        var origin = registry.Pages.Arena.Address(new FrameNumber(head)) + layout.ObjectOffsetBytes - (nint)((long)firstIndex * layout.StrideBytes);
        for (var frame = head; frame < head + header.FrameCount; frame++)
        {
            ref var entry = ref _tables.Frame(frame);
            entry.SlabHead = head;
            entry.SlabOrigin = origin;
            Atomics.StoreRelease(ref entry.SlabCacheId, cacheId);
        }

        _slabs++;
        _frames += header.FrameCount;
        _slabsCreated++;
        _slots += header.SlotCount;
        _free += header.FreeCount;
        _retired += header.RetiredCount;
        _partial.AddFirst(head);
    }

    private void ReleaseUnsynchronized(uint head, ref SlabHeader header)
    {
        if (debug is not null && IsDamagedInside(head))
            return;
        if (header.List == SlabListKind.Empty)
            _empty.MoveOut(head, SlabListKind.None);
        debug?.Remove(head);
        Invariant.Check(header.IsEmpty, "only an empty slab goes back to the pages");
        _slabs--;
        _frames -= header.FrameCount;
        _slots -= header.SlotCount;
        _free -= header.FreeCount;
        _retired -= header.RetiredCount;
        _wornSlabs -= IsMostlyRetired(in header) ? 1 : 0;
        for (var frame = head; frame < head + header.FrameCount; frame++)
            Atomics.StoreRelease(ref _tables.Frame(frame).SlabCacheId, 0);
        header.Cookie = 0;
        header.List = SlabListKind.None;
        registry.Pages.FreeExact(new FrameNumber(head), (int)header.FrameCount);
    }

    /// <summary>More than half of its slots have spent their generations: better emptied and given back than allocated from.</summary>
    private bool IsWorn(in SlabHeader header) => IsMostlyRetired(in header) && !KeepsAll;

    private static bool IsMostlyRetired(in SlabHeader header) => header.RetiredCount * 2 > header.SlotCount;

    // SAFETY: the bitmap table has slots-per-frame bits for each of the slab's frames, committed with them, and the slab has no more slots than that: its header is
    // intact, or being written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe SlotBitmap Bitmap(uint head) =>
        new(new Span<ulong>((void*)_tables.SlotBitmapAddress(head), SlotBitmap.WordsFor(_tables.Header(head).SlotCount)));

    private bool IsValidSlab(uint head)
    {
        ref var header = ref _tables.Header(head);
        return IsIntact(head)
            && Bitmap(head).Count() == header.FreeCount
            && Bitmap(head).Words[..(int)header.FirstFreeWord].IndexOfAnyExcept(0ul) < 0
            && header.FreeCount + header.RetiredCount <= header.SlotCount
            && header.IsEmpty == (header.List == SlabListKind.Empty);
    }
}
