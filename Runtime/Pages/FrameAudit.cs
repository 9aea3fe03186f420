namespace FolioRuntime.Pages;

/// <summary>
/// Walks the frame table from frame 0 and checks that blocks tile it: each starts where the one before ends, is aligned to
/// its order, and no two free buddies were left apart. The caller holds the page allocator's latch.
/// </summary>
internal sealed class FrameAudit(FrameTable frames, int maxOrder)
{
    public bool IsValid(long freeFrames)
    {
        var committed = frames.CommittedFrames;
        long free = 0;

        // Ends: each step is at least one frame.
        for (uint head = 0; head < committed;)
        {
            var length = LengthOfBlock(head, committed);
            if (length == 0)
                return false;
            if (frames.Frame(head).State == FrameState.Free)
                free += length;
            head += length;
        }

        return free == freeFrames;
    }

    private uint LengthOfBlock(uint head, uint committed)
    {
        ref var frame = ref frames.Frame(head);
        var size = 1u << frame.Order;
        if (frame.State == FrameState.Tail || frame.Order > maxOrder)
            return 0;
        if (frame.State is FrameState.Cached or FrameState.Retired)
            return frame.Order == 0 ? 1u : 0u;
        if ((head & (size - 1)) != 0)
            return 0;
        if (frame.State == FrameState.Free)
            return head + size <= committed && TailsFollow(head, size) == size && IsMaximal(head, size, committed) ? size : 0;

        // An exact allocation handed the rest of its block back, so an allocated block may be shorter than its order says.
        return TailsFollow(head, Math.Min(size, committed - head));
    }

    private uint TailsFollow(uint head, uint size)
    {
        var allocated = frames.Frame(head).State == FrameState.Allocated;
        uint length = 1;
        while (length < size && frames.Frame(head + length).State == FrameState.Tail && (!allocated || frames.Frame(head + length).Head == head))
            length++;
        return length;
    }

    private bool IsMaximal(uint head, uint size, uint committed)
    {
        ref var frame = ref frames.Frame(head);
        var buddy = head ^ size;
        if (frame.Order == maxOrder || buddy + size > committed)
            return true;
        ref var other = ref frames.Frame(buddy);
        return other.State != FrameState.Free || other.Order != frame.Order;
    }
}
