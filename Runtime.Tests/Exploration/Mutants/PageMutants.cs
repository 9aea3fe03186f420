using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how frames move between threads' lists, the buddy system and the reservation, and in the end of it all.</summary>
internal static class PageMutants
{
    private const string Allocator = "Runtime/Pages/PageAllocator.cs";
    private const string Refill = "Runtime/Pages/PageAllocator.Refill.cs";
    private const string Arena = "Runtime/Pages/PageArena.cs";
    private const string Buddy = "Runtime/Pages/BuddyAllocator.cs";
    private const string Runtime = "Runtime/PoolRuntime.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "limit-before-data",
            "Numbers are let in once their memory is there; else a forged one leads beyond it.",
            Arena,
            "CommitData(offset, length);",
            """
            Frames.PublishUnsynchronized((uint)end);
            CommitData(offset, length);
            """,
            "pages-growth-against-forged-numbers"),
        new(
            "limit-before-tables",
            "Numbers are let in once their tables are there; else a forged one leads beyond them.",
            Arena,
            "Frames.CommitUnsynchronized(first, (uint)(end - first));",
            """
            Frames.PublishUnsynchronized((uint)end);
            Frames.CommitUnsynchronized(first, (uint)(end - first));
            """,
            "pages-growth-against-forged-numbers"),
        new(
            "capacity-ignored",
            "Only as much is committed as the capacity allows.",
            Refill,
            "CapacityFrames + _retiredFrames",
            "long.MaxValue",
            "pages-capacity"),
        new(
            "closed-not-checked",
            "Whether the allocator is closed is asked under the latch; else frames are handed out after the end.",
            Refill,
            "while (!_closed && !IsReserved",
            "while (!IsReserved",
            "pages-lists-against-close"),
        new(
            "lists-left-open",
            "Closing shuts threads' lists; else they keep and hand out frames after the end.",
            Refill,
            "_lists.Close(_freeCached);",
            ";",
            "pages-lists-against-close"),
        new(
            "last-frame-not-given-back",
            "After the end the last block freed takes all memory with it; else it stays.",
            Refill,
            "_arena.DiscardAll();",
            "_ = frameCount;",
            "pages-lists-against-close"),
        new(
            "given-back-in-use",
            "All memory is given back only when no block is out; else it is taken from its users.",
            Refill,
            "if (_frames.CommittedFrames - _retiredFrames == _buddy.FreeFrames)",
            "if (frameCount >= 0)",
            "folio-dispose-against-rent"),
        new(
            "exhausted-without-asking",
            "Before it gives up, an allocation takes what other threads keep; else a frame in one's list is lost for the others.",
            Refill,
            """
            // What others keep may be all that is missing: neighbours that coalesce, or the last frames there are.
            _lists.DrainAll(_freeCached);
            """,
            "",
            "pages-exhausted-against-lists"),
        new(
            "refill-forgets-the-rest",
            "What a refill can't keep goes back; else it is lost.",
            Refill,
            """
            if (kept < taken)
                FreeCached(batch[kept..taken]);
            """,
            "_ = kept;",
            "pages-list-against-trim"),
        new(
            "refill-frees-too-much",
            "A refill gives back what it didn't keep, and nothing else; else a frame is in two places.",
            Refill,
            "FreeCached(batch[kept..taken]);",
            "FreeCached(batch[(kept - 1)..taken]);",
            "pages-list-against-trim"),
        new(
            "flush-forgets",
            "What a full list gives up goes back; else it is lost.",
            Refill,
            """
            if (taken != 0)
                FreeCached(oldest[..taken]);
            """,
            "",
            "pages-split-against-lists"),
        new(
            "flush-keeps-a-copy",
            "What a full list gives up is not in it any more, and what is put back is the new frame; else one is in two places.",
            Refill,
            "pushed = taken != 0 && list.TryPush(number);",
            "pushed = taken != 0 && list.TryPush(oldest[0]);",
            "pages-split-against-lists"),
        new(
            "unfit-frame-cached",
            "A frame that is spent for a use gets into no list, which serve any use.",
            Allocator,
            "if (order == 0 && entry.UnfitFor == FrameUses.None && (_isOneNode || _buddy.IsLocal(frame.Value)) && TryCache(frame.Value))",
            "if (order == 0 && TryCache(frame.Value))",
            "pages-unfit-and-lists"),
        new(
            "believed-zero",
            "What was in use counts as written; else it is handed out as zero, uncleared.",
            Allocator,
            """
            MarkWritten(frame, 1 << order);
            if (order == 0
            """,
            "if (order == 0",
            "folio-racing-returns"),
        new(
            "surplus-kept",
            "Frames beyond the number asked for go back; else they are lost.",
            Allocator,
            """
            using (_latch.Hold())
                _buddy.FreeRangeUnsynchronized((frame + frameCount).Value, (uint)surplus);
            """,
            "_ = surplus;",
            "pages-exact"),
        new(
            "worn-head-forgotten",
            "A frame that is spent for folios is noted; else it is handed out for one.",
            Allocator,
            "entry.UnfitFor |= unfitFor & FrameUses.Folio;",
            ";",
            "folio-generations-spent"),
        new(
            "worn-slab-forgotten",
            "A frame that is spent for slabs is noted; else it is handed out for one.",
            Allocator,
            "member.UnfitFor |= unfitFor & FrameUses.Slab;",
            ";",
            "pages-set-aside"),
        new(
            "spent-for-all-and-free",
            "A frame that is spent for everything is retired; else it is on a list that nobody takes from.",
            Allocator,
            "if (member.UnfitFor != FrameUses.Both)",
            "if (member.UnfitFor != FrameUses.Both || number >= start)",
            "pages-set-aside"),
        new(
            "merges-with-a-part",
            "A free block merges with its buddy only if that is free as a whole; else with a part of it.",
            Buddy,
            "frame.State == FrameState.Free && frame.Order == order;",
            "frame.State == FrameState.Free;",
            "pages-merge-beside-singles"),
        new(
            "merges-with-a-used-one",
            "A free block merges with its buddy only if that is free; else with one in use.",
            Buddy,
            "frame.State == FrameState.Free && frame.Order == order;",
            "frame.Order == order;",
            "pages-split-and-merge"),
        new(
            "parts-of-a-split-not-blocks",
            "Each part of a split block is a block of its own; else its users can't give it back.",
            Buddy,
            "part += 1u << partOrder)",
            "part += 1u << order)",
            "split-against-gets"),
        new(
            "runtime-disposed-twice",
            "Only the first dispose disposes; else what is out is reported again.",
            Runtime,
            """
            if (Atomics.Exchange(ref _disposed, 1) != 0)
                return;
            """,
            "Atomics.Exchange(ref _disposed, 1);",
            "folio-racing-disposes"),
        new(
            "pages-left-open",
            "Disposing closes the page allocator; else folios are handed out after the end.",
            Runtime,
            "_pages.Close();",
            ";",
            "folio-dispose-against-rent"),
    ];
}
