using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>Slots out of their slabs and back into them, under the latch.</content>
internal sealed partial class SlabStore
{
    private int TakeUnsynchronized(Span<uint> destination, ThreadStack thread)
    {
        var owner = thread.Exists ? OwnerUnsynchronized(thread) : null;
        var taken = owner is null ? 0 : TakeInUnsynchronized(owner, destination);

        // Ends: each turn takes a slot, takes a slab off a list, or finds damage and makes the lists anew without it.
        while (taken < destination.Length)
        {
            var list = owner is { Partial.Count: > 0 } ? owner.Partial : _partial.Count > 0 ? _partial : _empty;
            if (list.Count == 0)
                break;
            var head = list.First;
            if (!TryCheck(head) || !TryCheckLinks(list, head) || !TryCheckFreeList(head))
                continue;
            ref var header = ref _tables.Header(head);
            var got = Bitmap(head).Take(destination[taken..], header.FirstIndex, ref header.FirstFreeWord);
            if (got == 0 ? header.FreeCount != 0 : header.FreeCount < got)
            {
                Quarantine(head, "the slab's free slots and their count differ");
                continue;
            }

            debug?.Took(head, destination.Slice(taken, got));
            taken += got;
            header.FreeCount -= (uint)got;
            header.Rest = SlabRest.Used;
            _free -= got;
            list.MoveOut(head, SlabListKind.Full);
            if (owner is not null && list != owner.Partial)
                SetOwner(head, owner.Id);
            if (header.FreeCount > 0)
                PartialOf(head).AddFirst(head);
        }

        return taken;
    }

    private void GiveUnsynchronized(uint slot)
    {
        var checkedHead = NoSlab;
        GiveUnsynchronized(slot, ref checkedHead);
    }

    /// <summary>Puts a slot back into its slab.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="checkedHead">The slab that the last slot went to in the same hold of the latch: it was undamaged, and nothing but this was done to it. <see cref="NoSlab"/>: none.</param>
    private void GiveUnsynchronized(uint slot, ref uint checkedHead)
    {
        ref var frame = ref _tables.Frame(slot >> _tables.SlotShift);
        var head = frame.SlabHead;
        if (head != checkedHead || frame.SlabCacheId != cacheId || debug is not null)
        {
            checkedHead = NoSlab;
            if (!TryFindSlab(slot, out head))
                return;
            checkedHead = head;
        }

        ref var header = ref _tables.Header(head);
        var ordinal = slot - header.FirstIndex;
        var bitmap = Bitmap(head);
        if (ordinal >= header.SlotCount || bitmap.IsSet(ordinal))
        {
            checkedHead = NoSlab;
            Quarantine(head, $"slot {slot} was given back while it was free", slot);
            return;
        }

        bitmap.Set(ordinal);
        header.Rest = SlabRest.Used;
        header.FirstFreeWord = Math.Min(header.FirstFreeWord, SlotBitmap.WordOf(ordinal));
        debug?.Gave(head, slot);
        header.FreeCount++;
        _free++;
        if (header.IsEmpty)
        {
            checkedHead = NoSlab;
            EmptiedUnsynchronized(head, ref header);
        }
        else if (header.List == SlabListKind.Full)
        {
            // At the end, so that slabs are used in turn and the one filled last isn't worn alone.
            if (IsWorn(in header))
                header.List = SlabListKind.Worn;
            else
                PartialOf(head).AddLast(head);
        }
    }
}
