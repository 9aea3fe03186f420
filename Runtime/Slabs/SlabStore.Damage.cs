using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>
/// What is done about damage: a wild write into the tables or, where debugging looks for it, into the slabs, or a slot that comes back twice. The slab it is found in is quarantined,
/// which means that nothing is taken from it any more and its pages are never given back; objects that are out of it stay valid.
/// The links of a damaged header may lead anywhere, so they are never followed: the lists are made anew from the frame table.
/// </content>
internal sealed partial class SlabStore
{
    private readonly List<SlabDamage> _found = [];

    /// <summary>Tells of damage found, and of returns refused, since the last call. Listeners are user code: the caller holds no latch.</summary>
    [Glance("What is missed here was found by somebody else, who reports it after finding it.")]
    public void ReportFound()
    {
        if (_found.Count == 0 && _refused.Count == 0)
            return;
        SlabDamage[] found;
        SlabHandle[] refused;
        using (_latch.Hold())
        {
            found = [.. _found];
            refused = [.. _refused];
            _found.Clear();
            _refused.Clear();
        }

        foreach (var damage in found)
            reporter.ReportDamage(damage);
        foreach (var handle in refused)
            reporter.ReportRefused(handle.Index, handle.Generation);
    }

    /// <summary>Quarantines the slab of a slot in which its holder found damage, and tells of it.</summary>
    public void Quarantine(SlabDamage damage)
    {
        using (_latch.Hold())
        {
            Condemn(_tables.Frame(damage.Index >> _tables.SlotShift).SlabHead, damage);
            RelinkUnsynchronized();
        }

        ReportFound();
    }

    /// <summary>The slot at an index of a frame of this cache, or the nearest in its slab; null if it is no slab's. For a report: a damaged header may lie.</summary>
    [Glance("For a report on a handle that nobody has checked: the frame may be leaving this cache, and is then told as something else.")]
    public uint? NearestSlot(uint index)
    {
        using (_latch.Hold())
        {
            var head = _tables.Frame(index >> _tables.SlotShift).SlabHead;
            if (head >= _tables.CommittedFrames)
                return null;
            var first = _tables.Header(head).FirstIndex;
            var slots = (uint)LayoutOf(head).SlotCount;
            if (index - first < slots)
                return index;
            return index < first ? first : first + slots - 1;
        }
    }

    /// <summary>
    /// Checks all slabs, whatever is rented or returned meanwhile, quarantines those that are damaged and tells of each damage. Linux: <c>validate_slab_cache</c>.
    /// </summary>
    /// <returns>How many were found.</returns>
    public int Validate()
    {
        int found;
        using (_latch.Hold())
        {
            var before = _found.Count;
            for (var head = 0u; head < _tables.CommittedFrames; head++)
            {
                if (IsOwnSlab(head) && _tables.Header(head).List != SlabListKind.Quarantined)
                    FindAllDamage(head).ForEach(damage => Condemn(head, damage));
            }

            if (_found.Count == before && !(_partial.All(_partial.IsLinked) && _empty.All(_empty.IsLinked) && _owners.Values.All(owner => owner.Partial.All(owner.Partial.IsLinked))))
                _found.Add(new SlabDamage((_partial.Count > 0 ? _partial : _empty).First << _tables.SlotShift, "a list of slabs didn't hold together and was made anew"));
            found = _found.Count - before;
            if (found > 0)
                RelinkUnsynchronized();
        }

        ReportFound();
        return found;
    }

    /// <summary>The slab of a slot that comes back, if it is an undamaged one of this cache.</summary>
    private bool TryFindSlab(uint slot, out uint head)
    {
        ref var frame = ref _tables.Frame(slot >> _tables.SlotShift);
        head = frame.SlabHead;
        if (frame.SlabCacheId == cacheId)
            return TryCheck(head, slot) && TryCheckFreeList(head);
        _found.Add(new SlabDamage(slot, "the slot was given back after its slab had left this cache"));
        return false;
    }

    /// <summary>Whether the header is still what this cache wrote. If not the slab is quarantined.</summary>
    private bool TryCheck(uint head, uint? slot = null)
    {
        if (_tables.Header(head).List == SlabListKind.Quarantined)
            return false;
        if (IsIntact(head))
            return true;
        Quarantine(head, "the slab header's cookie is wrong", slot);
        return false;
    }

    /// <summary>Whether the slab's free list is as debugging has it. If not the slab is quarantined.</summary>
    private bool TryCheckFreeList(uint head)
    {
        if (debug is null || !debug.TryFindFreeListDamage(head, Bitmap(head), out var damage))
            return true;
        Condemn(head, damage);
        RelinkUnsynchronized();
        return false;
    }

    /// <summary>Whether an intact slab on its way to the pages shows that somebody wrote into it. If so it is quarantined.</summary>
    private bool IsDamagedInside(uint head)
    {
        var damages = FindAllDamage(head);
        damages.ForEach(damage => Condemn(head, damage));
        if (damages.Count > 0)
            RelinkUnsynchronized();
        return damages.Count > 0;
    }

    private List<SlabDamage> FindAllDamage(uint head)
    {
        var found = new List<SlabDamage>();
        ref var header = ref _tables.Header(head);
        if (!IsIntact(head))
            return [new SlabDamage(head << _tables.SlotShift, "the slab header's cookie is wrong")];
        var free = Bitmap(head);
        if (debug is not null && debug.TryFindFreeListDamage(head, free, out var damage))
            found.Add(damage);
        else if (free.Count() != header.FreeCount || header.FreeCount + (ulong)header.RetiredCount > header.SlotCount)
            found.Add(new SlabDamage(header.FirstIndex, "the slab's free slots and their count differ"));
        for (var ordinal = 0u; ordinal < header.SlotCount && found.Count == 0; ordinal++)
        {
            var word = Lifetime.Load(ref _tables.SlotWord(header.FirstIndex + ordinal));
            if (free.IsSet(ordinal) && (word.IsLive || word.IsOwned))
                found.Add(new SlabDamage(header.FirstIndex + ordinal, $"the lifetime word of a free slot is {word}"));
        }

        debug?.FindAllDamage(head, found);
        return found;
    }

    // Acquire: the frame may be another cache's, which changes it under its own latch. Ours are stable under this one.
    private bool IsOwnSlab(uint head) => IsOfSlab(head, head);

    private bool IsOfSlab(uint number, uint head)
    {
        ref var frame = ref _tables.Frame(number);
        return Atomics.LoadAcquire(ref frame.SlabCacheId) == cacheId && frame.SlabHead == head;
    }

    /// <summary>Whether a slab may be taken off the list it should be on. If not the lists are made anew, and the caller looks again.</summary>
    private bool TryCheckLinks(SlabList list, uint head)
    {
        if (list.IsLinked(head))
            return true;
        _found.Add(new SlabDamage(head << _tables.SlotShift, "a list of slabs didn't hold together and was made anew"));
        RelinkUnsynchronized();
        return false;
    }

    private bool IsIntact(uint head)
    {
        ref var header = ref _tables.Header(head);
        return header.CacheId == cacheId && header.Cookie == registry.CookieFor(head, in header);
    }

    /// <summary>How a slab of this cache is cut, also where its header is damaged.</summary>
    private SlabLayout LayoutOf(uint head)
    {
        if (layouts.IsSingle)
            return layouts.Smallest;
        ref var header = ref _tables.Header(head);
        var frames = (int)header.FrameCount;
        if (!IsIntact(head))
        {
            // Then the frames say it: each of them, and none behind, has this head and this cache.
            for (frames = 1; head + (uint)frames < _tables.CommittedFrames && IsOfSlab(head + (uint)frames, head);)
                frames++;
        }

        return layouts.Of(frames) ?? layouts.Smallest;
    }

    private void Quarantine(uint head, string reason, uint? slot = null)
    {
        Condemn(head, new SlabDamage(slot ?? head << _tables.SlotShift, reason));
        RelinkUnsynchronized();
    }

    private void Condemn(uint head, SlabDamage damage)
    {
        _tables.Header(head).List = SlabListKind.Quarantined;
        _found.Add(damage with { What = damage.What + "; the slab is quarantined" });
    }

    /// <summary>Lists and counts from the frame table, without the slabs that are quarantined or should be. O(frames).</summary>
    private void RelinkUnsynchronized()
    {
        _partial.Clear();
        _empty.Clear();
        foreach (var owner in _owners.Values)
            owner.Partial.Clear();
        _slabs = _frames = _slots = _free = _retired = _wornSlabs = _quarantinedSlabs = _quarantinedSlots = 0;
        for (var head = 0u; head < _tables.CommittedFrames; head++)
        {
            if (!IsOwnSlab(head))
                continue;
            ref var header = ref _tables.Header(head);
            if (header.List != SlabListKind.Quarantined && !(IsIntact(head) && Bitmap(head).Count() == header.FreeCount && header.FreeCount + (ulong)header.RetiredCount <= header.SlotCount))
                Condemn(head, new SlabDamage(head << _tables.SlotShift, "the slab header is damaged"));
            var layout = LayoutOf(head);
            _slabs++;
            _frames += layout.FrameCount;
            _slots += layout.SlotCount;
            if (header.List == SlabListKind.Quarantined)
            {
                _quarantinedSlabs++;
                _quarantinedSlots += layout.SlotCount;
                continue;
            }

            _free += header.FreeCount;
            _retired += header.RetiredCount;
            _wornSlabs += IsMostlyRetired(in header) ? 1 : 0;
            LinkUnsynchronized(head, ref header);
        }
    }

    private void LinkUnsynchronized(uint head, ref SlabHeader header)
    {
        header.List = SlabListKind.Full;
        if (header.IsEmpty)
            _empty.AddLast(head);
        else if (header.FreeCount != 0 && IsWorn(in header))
            header.List = SlabListKind.Worn;
        else if (header.FreeCount != 0)
            PartialOf(head).AddLast(head);
    }
}
