using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What keeps a block past its renter's dispose, made wrong.</summary>
internal static class RetentionMutants
{
    private const string SlabMemoryOwner = "Runtime/Integrations/Pipelines/SlabMemoryOwner.cs";
    private const string RetainedSequence = "Runtime/Integrations/Pipelines/RetainedSequence.cs";
    private const string CountedMemory = "Runtime/Integrations/Pipelines/CountedMemory.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "block-returned-under-a-retention",
            "A block that is retained goes back with the last release, not with the dispose.",
            SlabMemoryOwner,
            """
            if (seen == 0)
                Return
            """,
            """
            if ((seen & AllPins) == 0)
                Return
            """,
            "retained-against-return"),
        new(
            "held-without-compare",
            "A hold counts only if nothing has changed since the look whether the block is still out.",
            SlabMemoryOwner,
            "if (Atomics.CompareExchange(ref _state, seen + one, seen) == seen)",
            """
            Atomics.StoreRelease(ref _state, seen + one);
            if (seen + one != 0)
            """,
            "retained-against-return"),
        new(
            "held-by-an-add-after-a-look",
            "Nor is an add enough, after a look: the block may have gone back in between.",
            SlabMemoryOwner,
            "if (Atomics.CompareExchange(ref _state, seen + one, seen) == seen)",
            "if (Atomics.Add(ref _state, one) != 0)",
            "retained-against-return"),
        new(
            "retained-after-the-return",
            "What is its renter's no longer can't be retained by the renter's memory, though another still holds it.",
            SlabMemoryOwner,
            "if (isRetained ? seen == Disposed : (seen & Disposed) != 0)",
            "if (seen == Disposed)",
            "retained-after-return"),
        new(
            "retained-again-by-nobody",
            "Who retains for another must hold it: with the last hold the block has gone back.",
            SlabMemoryOwner,
            "if (isRetained ? seen == Disposed : (seen & Disposed) != 0)",
            "if (!isRetained && (seen & Disposed) != 0)",
            "retained-again-against-release"),
        new(
            "released-in-two-steps",
            "Of releases that race each ends its own retention.",
            SlabMemoryOwner,
            "if (Atomics.Add(ref _state, unchecked(0 - OneRetention)) == Disposed)",
            """
            var left = Atomics.LoadAcquire(ref _state) - OneRetention;
            Atomics.StoreRelease(ref _state, left);
            if (left == Disposed)
            """,
            "retained-last-releases"),
        new(
            "last-release-returns-nothing",
            "The last release of a disposed owner's block returns it.",
            SlabMemoryOwner,
            "if (Atomics.Add(ref _state, unchecked(0 - OneRetention)) == Disposed)",
            "if (Atomics.Add(ref _state, unchecked(0 - OneRetention)) == 0)",
            "retained-by-two-against-return"),
        new(
            "unpinned-before-the-dispose-returns",
            "An unpin leaves the block to those who retain it.",
            SlabMemoryOwner,
            "if (seen - OnePin == Disposed)",
            "if (seen - OnePin >= Disposed)",
            "retained-pin-against-release"),
        new(
            "sequence-released-in-two-steps",
            "Of disposes of the same retained bytes one drops the references.",
            RetainedSequence,
            "if (Atomics.Exchange(ref _released, 1) != 0)",
            """
            var released = Atomics.LoadAcquire(ref _released);
            Atomics.StoreRelease(ref _released, 1);
            if (released != 0)
            """,
            "retained-racing-releases"),
        new(
            "read-after-the-release",
            "Memory that was got from retained bytes refuses to be read after their release.",
            RetainedSequence,
            "if (Atomics.LoadAcquire(ref _released) != 0)",
            "if (Atomics.LoadAcquire(ref _released) > 1)",
            "retained-racing-releases"),
        new(
            "refused-and-kept",
            "A holder that is refused must not go on with the block.",
            CountedMemory,
            "if (_block?.TryRetain(isRetained: true) == false)",
            "if (_block?.TryRetain(isRetained: true) == null)",
            "retained-again-against-release"),
    ];
}
