using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>
/// What is done about damage: a wild write into the tables, or a slot that comes back twice. The slab it is found in is quarantined,
/// which means that nothing is taken from it any more and its pages are never given back; objects that are out of it stay valid.
/// The links of a damaged header may lead anywhere, so they are never followed: the lists are made anew from the frame table.
/// </content>
internal sealed partial class SlabStore
{
    private readonly List<(uint Index, string What)> _found = [];

    /// <summary>Tells of damage found since the last call. Listeners are user code: the caller holds no latch.</summary>
    public void ReportFound()
    {
        if (_found.Count == 0)
            return;
        (uint Index, string What)[] found;
        using (_latch.Hold())
        {
            found = [.. _found];
            _found.Clear();
        }

        foreach (var (index, what) in found)
            registry.Violations.Report(ViolationKind.Corruption, cacheName, index, 0, what);
    }

    /// <summary>The slab of a slot that comes back, if it is an undamaged one of this cache.</summary>
    private bool TryFindSlab(uint slot, out uint head)
    {
        ref var frame = ref _tables.Frame(slot >> _tables.SlotShift);
        head = frame.SlabHead;
        if (frame.SlabCacheId == cacheId)
            return TryCheck(head);
        _found.Add((slot, "the slot was given back after its slab had left this cache"));
        return false;
    }

    /// <summary>Whether the header is still what this cache wrote. If not the slab is quarantined.</summary>
    private bool TryCheck(uint head)
    {
        if (_tables.Header(head).List == SlabListKind.Quarantined)
            return false;
        if (IsIntact(head))
            return true;
        Quarantine(head, "the slab header's cookie is wrong");
        return false;
    }

    /// <summary>Whether a slab may be taken off the list it should be on. If not the lists are made anew, and the caller looks again.</summary>
    private bool TryCheckLinks(SlabList list, uint head)
    {
        if (list.IsLinked(head))
            return true;
        _found.Add((head << _tables.SlotShift, "a list of slabs didn't hold together and was made anew"));
        RelinkUnsynchronized();
        return false;
    }

    private bool IsIntact(uint head)
    {
        ref var header = ref _tables.Header(head);
        return header.Cookie == registry.CookieFor(head, cacheId, header.FirstIndex)
            && header.CacheId == cacheId
            && header.SlotCount == layout.SlotCount
            && header.FrameCount == layout.FrameCount;
    }

    private void Quarantine(uint head, string reason)
    {
        Condemn(head, reason);
        RelinkUnsynchronized();
    }

    private void Condemn(uint head, string reason)
    {
        _tables.Header(head).List = SlabListKind.Quarantined;
        _found.Add((head << _tables.SlotShift, reason + "; the slab is quarantined"));
    }

    /// <summary>Lists and counts from the frame table, without the slabs that are quarantined or should be. O(frames).</summary>
    private void RelinkUnsynchronized()
    {
        _partial.Clear();
        _empty.Clear();
        _slabs = _slots = _free = _retired = _wornSlabs = _quarantinedSlabs = _quarantinedSlots = 0;
        for (var head = 0u; head < _tables.CommittedFrames; head++)
        {
            ref var frame = ref _tables.Frame(head);

            // Acquire: the frame may be another cache's, which changes it under its own latch. Ours are stable under this one.
            if (Atomics.LoadAcquire(ref frame.SlabCacheId) != cacheId || frame.SlabHead != head)
                continue;
            ref var header = ref _tables.Header(head);
            if (header.List != SlabListKind.Quarantined && !(IsIntact(head) && Bitmap(head).Count() == header.FreeCount && header.FreeCount + (ulong)header.RetiredCount <= header.SlotCount))
                Condemn(head, "the slab header is damaged");
            _slabs++;
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
            _partial.AddLast(head);
    }
}
