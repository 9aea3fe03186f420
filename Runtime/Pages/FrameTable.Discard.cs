using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;

namespace FolioRuntime.Pages;

/// <content>
/// Gives back the memory of the tables of free frames, all but the page frames: headers and bitmaps of slabs that are gone mean nothing, and slot words there are dead.
/// <code>
///   before:    word (g, dead, –, strays)       every g ≤ floor, the frame's, which is raised first
///   discarded: word 0 = (0, dead, –, 0)        a get fails as on any dead word; its add may bring the page back, and stays dead (L6)
///   next slab: word (floor, dead, –, 0)        stored before anything is published, so that no generation is issued twice (L3, L5)
/// </code>
/// Retired words have to stay, so the page of one is kept. Only on systems whose discarded pages hold zeros. The page frames stay: folios' words, free lists and
/// the floors are there.   [SlotWordDiscardTests]
/// </content>
internal sealed unsafe partial class FrameTable
{
    /// <summary>Whether tables can be given back here.</summary>
    public bool CanDiscard => _region.DiscardsToZero;

    private int FramesPerPageOfWords => _layout.PageBytes / (sizeof(ulong) << SlotShift);

    private int FramesPerPageOfHeaders => _layout.PageBytes / FrameTableLayout.SlabHeaderBytes;

    private int FramesPerPageOfBitmaps => _layout.PageBytes / (_layout.SlotsPerFrame / 8);

    /// <summary>
    /// Makes the words of a slab in the making fit to be published: none may issue a generation that its frame's words had issued before their memory was given
    /// back. The caller owns the frames.
    /// </summary>
    public void PrepareSlots(uint head, int frameCount, uint firstIndex, int slotCount)
    {
        for (var frame = head; frame < head + (uint)frameCount; frame++)
            Frame(frame).Resident |= FrameTables.Slab;
        var end = firstIndex + (uint)slotCount;
        for (var frame = firstIndex >> SlotShift; frame <= (end - 1) >> SlotShift; frame++)
        {
            ref var entry = ref Frame(frame);
            entry.Resident |= FrameTables.SlotWords;
            if (entry.GenerationFloor == 0)
                continue;
            var last = Math.Min(end, (frame + 1) << SlotShift);
            for (var index = Math.Max(firstIndex, frame << SlotShift); index < last; index++)
                Lifetime.RaiseTo(ref SlotWord(index), entry.GenerationFloor);
        }
    }

    /// <summary>Gives back what a free block has in the other tables, as far as it fills pages. Under the page allocator's latch.</summary>
    public void DiscardUnsynchronized(uint head, uint frameCount)
    {
        if (!CanDiscard || !IsAnyResident(head, frameCount))
            return;
        if (frameCount >= FramesPerPageOfWords)
            DiscardWords(head, frameCount);
        if (frameCount < Math.Max(FramesPerPageOfHeaders, FramesPerPageOfBitmaps))
            return;

        // A block is aligned to its size, and so whole pages of both.
        if (TryDiscard(_layout.SlabHeadersOffset, head, frameCount, FrameTableLayout.SlabHeaderBytes)
            && TryDiscard(_layout.SlotBitmapsOffset, head, frameCount, _layout.SlotsPerFrame / 8))
        {
            Forget(head, frameCount, FrameTables.Slab);
        }
    }

    private bool IsAnyResident(uint head, uint frameCount)
    {
        for (var frame = head; frame < head + frameCount; frame++)
        {
            if (Frame(frame).Resident != FrameTables.None)
                return true;
        }

        return false;
    }

    /// <summary>Gives back the pages of words in which none is retired, those that lie together in one call.</summary>
    private void DiscardWords(uint head, uint frameCount)
    {
        var start = head;
        for (var page = head; page < head + frameCount; page += (uint)FramesPerPageOfWords)
        {
            if (TryRaiseFloors(page))
                continue;
            DiscardPagesOfWords(start, page - start);
            start = page + (uint)FramesPerPageOfWords;
        }

        DiscardPagesOfWords(start, head + frameCount - start);
    }

    /// <summary>Raises the floors of the frames whose words share a page. False: it holds retired words and stays.</summary>
    private bool TryRaiseFloors(uint page)
    {
        for (var frame = page; frame < page + FramesPerPageOfWords; frame++)
        {
            if (Frame(frame).RetiredSlotWords != 0)
                return false;
        }

        for (var frame = page; frame < page + FramesPerPageOfWords; frame++)
        {
            ref var entry = ref Frame(frame);
            if ((entry.Resident & FrameTables.SlotWords) == 0)
                continue;
            for (var index = frame << SlotShift; index < (frame + 1) << SlotShift; index++)
                entry.GenerationFloor = Math.Max(entry.GenerationFloor, Lifetime.Load(ref SlotWord(index)).Generation);
        }

        return true;
    }

    private void DiscardPagesOfWords(uint first, uint frameCount)
    {
        if (frameCount != 0 && TryDiscard(_layout.SlotWordsOffset, first, frameCount, sizeof(ulong) << SlotShift))
            Forget(first, frameCount, FrameTables.SlotWords);
    }

    private bool TryDiscard(long tableOffset, uint first, uint frameCount, int bytesPerFrame)
    {
        try
        {
            return _region.Discard(tableOffset + ((long)first * bytesPerFrame), (long)frameCount * bytesPerFrame);
        }
        catch (VirtualMemoryException)
        {
            // Giving memory back is a courtesy to the system: what it refuses is still there, and is tried again.
            return false;
        }
    }

    private void Forget(uint first, uint frameCount, FrameTables tables)
    {
        for (var frame = first; frame < first + frameCount; frame++)
            Frame(frame).Resident &= ~tables;
    }
}
