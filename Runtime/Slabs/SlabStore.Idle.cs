using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>
/// Giving up empty slabs that nobody needed, and free parts of large ones.
/// <code>
///   slots of a large slab    | out | free | free | free | out | …        a frame goes back when every slot that reaches into it is free
///   its frames               |    |    |xxxx|xxxx|    |    |            the slab keeps the frame; its content is gone
/// </code>
/// </content>
internal sealed partial class SlabStore
{
    /// <summary>A slab of so many frames or fewer goes back whole or not at all.</summary>
    private const int FramesOfSmallSlab = 16;

    /// <summary>
    /// Gives back the empty slabs that were more than was needed at any moment since the last call, the longest empty first, unless the cache keeps them whatever
    /// happens. A cache that fills and empties again and again keeps what it needs for that.
    /// </summary>
    public void ReleaseIdle()
    {
        using (_latch.Hold())
        {
            // Ends: each turn counts, and takes a slab off the list or finds damage and makes the lists anew without it.
            for (var unneeded = KeepsAll ? 0 : _empty.FewestInInterval; unneeded > 0 && _empty.Count > 0; unneeded--)
            {
                var head = _empty.Last;
                if (TryCheck(head) && TryCheckLinks(_empty, head))
                    ReleaseUnsynchronized(head, ref _tables.Header(head));
            }

            _empty.BeginInterval();
        }

        DiscardFreeFrames(onlyIdle: true);
        ReportFound();
    }

    /// <summary>Gives the memory of free frames inside large slabs back to the system, unless the cache keeps its objects' content whatever happens.</summary>
    /// <param name="onlyIdle">Of slabs only that nothing was taken from or given to between the last two calls.</param>
    private void DiscardFreeFrames(bool onlyIdle)
    {
        if ((layouts.IsSingle && layouts.Smallest.FrameCount <= FramesOfSmallSlab) || debug is not null || !registry.Pages.Arena.DiscardGivesBack)
            return;
        var heads = new List<uint>();
        using (_latch.Hold())
        {
            if (!KeepsAll)
            {
                AddResting(_partial, onlyIdle, heads);
                foreach (var owner in _owners.Values)
                    AddResting(owner.Partial, onlyIdle, heads);
            }
        }

        // A hold for each: a system call for a few MiB takes a while.
        foreach (var head in heads)
        {
            using (_latch.Hold())
                DiscardFreeFramesUnsynchronized(head, onlyIdle);
        }
    }

    private void AddResting(SlabList list, bool onlyIdle, List<uint> heads) => list.All(head =>
    {
        ref var header = ref _tables.Header(head);
        if (header.FrameCount <= FramesOfSmallSlab || header.Rest == SlabRest.Discarded)
            return true;
        if (onlyIdle && header.Rest == SlabRest.Used)
            header.Rest = SlabRest.Resting;
        else
            heads.Add(head);
        return true;
    });

    private void DiscardFreeFramesUnsynchronized(uint head, bool onlyIdle)
    {
        ref var header = ref _tables.Header(head);
        if (!IsOwnSlab(head) || header.List is not (SlabListKind.Partial or SlabListKind.OwnedPartial) || (onlyIdle && header.Rest == SlabRest.Used) || !TryCheck(head))
            return;
        var free = Bitmap(head);
        long stride = layouts.Smallest.StrideBytes;
        var slabBytes = (long)header.FrameCount << PageOrder.FrameShift;

        // Ends: each turn is a run of free slots further on.
        for (var first = free.Next(0, set: true, header.SlotCount); first < header.SlotCount;)
        {
            var end = free.Next(first, set: false, header.SlotCount);
            registry.Pages.DiscardWithin(new FrameNumber(head), first * stride, end == header.SlotCount ? slabBytes : end * stride);
            first = free.Next(end, set: true, header.SlotCount);
        }

        header.Rest = SlabRest.Discarded;
    }
}
