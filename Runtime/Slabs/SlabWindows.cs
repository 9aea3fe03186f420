using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;

namespace FolioRuntime.Slabs;

/// <summary>
/// Finds pages for a new slab together with words whose generations last. A slab of large slots needs few of the words that its
/// frames have; when some are spent it takes another window of them.
/// <code>
///   words of the slab's frames:  [ window 0 | window 1 | … | window k-1 | rest )     each SlotCount words
/// </code>
/// Pages none of whose windows has more than half of its words left are set aside: they can still be folios.
/// </summary>
internal sealed class SlabWindows(FrameTable tables, GenerationSpace generations)
{
    public bool IsUsable(uint slotIndex) => !generations.IsRetired(Lifetime.Load(ref tables.SlotWord(slotIndex)));

    public bool TryAllocate(PageAllocator pages, SlabLayout layout, out uint head, out uint firstIndex)
    {
        // Ends: each turn that fails takes a block out of the allocator for good.
        while (pages.TryAllocateExact(layout.FrameCount, FrameUses.Slab, out var frame))
        {
            head = frame.Value;
            if (TryFind(layout, head, out firstIndex))
            {
                tables.PrepareSlots(head, layout.FrameCount, firstIndex, layout.SlotCount);
                return true;
            }

            pages.SetAside(frame, layout.FrameCount, FrameUses.Slab);
        }

        head = 0;
        firstIndex = 0;
        return false;
    }

    private bool TryFind(SlabLayout layout, uint head, out uint firstIndex)
    {
        firstIndex = head << tables.SlotShift;
        if (!HasRetiredWords(head, layout.FrameCount))
            return true;
        var windows = (layout.FrameCount << tables.SlotShift) / layout.SlotCount;
        for (var window = 0; window < windows; window++, firstIndex += (uint)layout.SlotCount)
        {
            var usable = 0;
            for (var ordinal = 0u; ordinal < layout.SlotCount; ordinal++)
                usable += IsUsable(firstIndex + ordinal) ? 1 : 0;
            if (usable * 2 > layout.SlotCount)
                return true;
        }

        return false;
    }

    private bool HasRetiredWords(uint head, int frameCount)
    {
        for (var frame = head; frame < head + frameCount; frame++)
        {
            if (tables.Frame(frame).RetiredSlotWords != 0)
                return true;
        }

        return false;
    }
}
