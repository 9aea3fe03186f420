using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in how folios are got, put, frozen, split and read.</summary>
internal static class FolioMutants
{
    private const string Holds = "Runtime/Folios/FolioAllocator.Holds.cs";
    private const string Allocator = "Runtime/Folios/FolioAllocator.cs";
    private const string Freezing = "Runtime/Folios/FolioAllocator.Freezing.cs";
    private const string Content = "Runtime/Folios/FolioAllocator.Content.cs";
    private const string Owner = "Runtime/Folios/FolioOwner.cs";
    private const string Sequence = "Runtime/Lifetimes/ContentSequence.cs";
    private const string Lifetime = "Runtime/Lifetimes/Lifetime.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "get-beyond-the-table",
            "A forged frame number is turned away before the table is touched; else a get adds to whatever lies behind.",
            Holds,
            """
            if (handle.Frame >= _frames.CommittedFrames)
                return RejectStale();
            """,
            "",
            "pages-growth-against-handles"),
        new(
            "stale-getter-keeps-a-strangers-end",
            "A get that fails may end up the last holder of a stranger and must then free it; else nobody does.",
            Holds,
            "if (got is GetOutcome.StaleMustDestroy or GetOutcome.SaturatedMustDestroy)",
            "if (got is GetOutcome.SaturatedMustDestroy)",
            "folio-stale-get-is-last"),
        new(
            "spent-frame-goes-on",
            "A frame whose generations are spent is set aside; else it is handed out for a folio that can't be published.",
            Allocator,
            "if (_generations.IsRetired(Lifetime.Load(ref frame.Word)))",
            "if (_generations.IsRetired(new LifetimeWord(0)))",
            "folio-generations-spent"),
        new(
            "folio-not-cleared",
            "A folio is zeroed before it is published; else it shows what the last one held.",
            Allocator,
            "_pages.Clear(frame, order.FrameCount);",
            ";",
            "folio-racing-returns"),
        new(
            "flags-kept",
            "Flags are set before a folio is published; else it has those of the last one.",
            Allocator,
            "Atomics.StoreRelease(ref frame.Flags, (uint)flags);",
            "_ = flags;",
            "free-frozen-recycled"),
        new(
            "sequence-left-odd",
            "A sequence that was left in the middle of a write is made even for the next folio; else that can never be read.",
            Allocator,
            """
            if ((sequence & 1) != 0)
                Atomics.StoreRelease(ref frame.Sequence, sequence + 1);
            """,
            "_ = sequence;",
            "read-after-unfinished-write"),
        new(
            "freed-before-it-ended",
            "A frozen folio's generation ends before its frames go back; else the store ends the next folio there.",
            Freezing,
            """
            Lifetime.FreeFrozen(ref _frames.Frame(handle.Frame).Word, handle.Generation);
            Destroy(handle.Frame);
            """,
            """
            Destroy(handle.Frame);
            Lifetime.FreeFrozen(ref _frames.Frame(handle.Frame).Word, handle.Generation);
            """,
            "free-frozen-recycled"),
        new(
            "unfreeze-without-bump",
            "Unfreezing grows the sequence; else a reader that began before the freeze believes what it copied meanwhile.",
            Freezing,
            "Atomics.StoreRelease(ref frame.Sequence, (sequence + 2) & ~1u);",
            "_ = sequence;",
            "read-against-frozen-change"),
        new(
            "unfreeze-bumps-late",
            "The sequence grows before the folio is live again; else a reader may look between the two.",
            Freezing,
            """
            Atomics.StoreRelease(ref frame.Sequence, (sequence + 2) & ~1u);
            Lifetime.Unfreeze(ref frame.Word, handle.Generation, references);
            """,
            """
            Lifetime.Unfreeze(ref frame.Word, handle.Generation, references);
            Atomics.StoreRelease(ref frame.Sequence, (sequence + 2) & ~1u);
            """,
            "read-against-frozen-change-bare"),
        new(
            "unfreeze-leaves-odd",
            "Unfreezing leaves the sequence even; else the folio can't be read any more.",
            Freezing,
            "(sequence + 2) & ~1u",
            "(sequence + 1) | 1u",
            "read-against-frozen-change"),
        new(
            "part-published-early",
            "A part is made ready before it is published; else it is got with the flags of another life.",
            Freezing,
            """
            Prepare(ref frame, flags);
            parts[i] = new FolioHandle(number, Lifetime.PublishRented(ref frame.Word, _generations));
            """,
            """
            parts[i] = new FolioHandle(number, Lifetime.PublishRented(ref frame.Word, _generations));
            Prepare(ref frame, flags);
            """,
            "split-against-gets"),
        new(
            "part-inherits-the-lock",
            "Parts don't inherit the whole's lock, which its holder gives back by a reference that is gone.",
            Freezing,
            " & ~FolioFlags.Locked",
            "",
            "split-against-gets"),
        new(
            "pages-split-late",
            "The block is split before its parts are published; else whoever returns one frees what is no block.",
            Freezing,
            """
            _pages.Split(new FrameNumber(handle.Frame), order.Value, partOrder.Value);
            _freed.Add();
            for (var i = 0; i < count; i++)
            {
                var number = handle.Frame + ((uint)i << partOrder.Value);
                ref var frame = ref _frames.Frame(number);
                Prepare(ref frame, flags);
                parts[i] = new FolioHandle(number, Lifetime.PublishRented(ref frame.Word, _generations));
            }
            """,
            """
            _freed.Add();
            for (var i = 0; i < count; i++)
            {
                var number = handle.Frame + ((uint)i << partOrder.Value);
                ref var frame = ref _frames.Frame(number);
                Prepare(ref frame, flags);
                parts[i] = new FolioHandle(number, Lifetime.PublishRented(ref frame.Word, _generations));
            }

            _pages.Split(new FrameNumber(handle.Frame), order.Value, partOrder.Value);
            """,
            "split-into-other-hands"),
        new(
            "worn-head-is-split",
            "A head with its last generation can't become a part; else its old handles come to life, or nothing can be published.",
            Freezing,
            """
            if (handle.Generation == _generations.Last)
                return false;
            """,
            "",
            "split-worn"),
        new(
            "changed-called-stale",
            "A read whose content was changed meanwhile says so; else its caller gives up a folio that is there.",
            Content,
            """
            return valid ? FolioOutcome.Done : NotRead(handle, destination, isKnown: true);
            """,
            """
            return valid ? FolioOutcome.Done : NotRead(handle, destination, isKnown: false);
            """,
            "read-against-locked-writes"),
        new(
            "read-not-validated",
            "What a read copied is believed only if the folio is still the same; else it may be another's.",
            Content,
            """
            return valid ? FolioOutcome.Done : NotRead(handle, destination, isKnown: true);
            """,
            """
            _ = valid;
            return FolioOutcome.Done;
            """,
            "folio-read-against-recycling"),
        new(
            "read-validated-before-the-copy",
            "A read is validated after the copy; before it says nothing.",
            Content,
            """
            ContentCopy.Copy(Part(handle.Frame, offsetBytes, destination.Length), destination);
            var valid = Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence);
            """,
            """
            var valid = Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence);
            ContentCopy.Copy(Part(handle.Frame, offsetBytes, destination.Length), destination);
            """,
            "folio-read-against-recycling"),
        new(
            "order-trusted-before-validation",
            "The order found may be that of another folio until the read is validated; else a stale read is blamed on its caller.",
            Content,
            """
            if (!Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence))
                return NotRead(handle, destination, isKnown: true);
            throw new
            """,
            "throw new",
            "read-of-an-outdated-order"),
        new(
            "failed-read-shows-its-copy",
            "A read that failed clears what it copied; else the caller has another folio's bytes.",
            Content,
            "destination.Clear();",
            ";",
            "folio-read-against-recycling"),
        new(
            "pin-not-counted",
            "A pin is counted; else its unpin is taken for one too many, and the folio stays for ever.",
            Owner,
            "Atomics.Add(ref _pins, 1);",
            ";",
            "folio-owner-disposed-twice"),
        new(
            "unpin-of-nothing-puts",
            "An unpin puts only what a pin got; else it takes somebody else's reference.",
            Owner,
            "while (seen != 0)",
            "while (true)",
            "folio-owner-unpinned-unpinned"),
        new(
            "unpin-counts-by-add",
            "An unpin takes the very pin that it saw; else two take the same, or a pin made meanwhile counts for nothing.",
            Owner,
            "var found = Atomics.CompareExchange(ref _pins, seen - 1, seen);",
            """
            var found = seen;
            Atomics.Add(ref _pins, ulong.MaxValue);
            """,
            "folio-owner-unpinned-too-often"),
        new(
            "write-without-barrier",
            "The odd number is seen before the content that follows it; else a reader finds half a change and an even number.",
            Sequence,
            "Atomics.WriteBarrier();",
            ";",
            "sequence-against-writes"),
        new(
            "write-without-odd-number",
            "Readers fail while content is being changed; else one that begins and ends within the change believes half of it.",
            Sequence,
            """
            Atomics.StoreRelease(ref sequence, value + 1);
            Atomics.WriteBarrier();
            """,
            """
            Atomics.StoreRelease(ref sequence, value + 2);
            Atomics.WriteBarrier();
            """,
            "sequence-against-writes"),
        new(
            "read-begun-in-a-write",
            "A read doesn't begin while content is being changed; else it is valid if it also ends there.",
            Lifetime,
            "return live && (sequenceSeen & 1) == 0;",
            "return live;",
            "read-against-write-and-gets"),
        new(
            "read-without-barrier",
            "The content is read before the word is read again; else validation may be older than what it validates.",
            Lifetime,
            "Atomics.ReadBarrier();",
            ";",
            "sequence-against-writes"),
        new(
            "folio-freeze-over-references",
            "Only a folio that nobody else holds is frozen; else it changes under its holders.",
            Lifetime,
            "if (!seen.IsLiveAt(generation) || seen.References != references)",
            "if (!seen.IsLiveAt(generation))",
            "freeze-against-gets"),
    ];
}
