using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Mistakes in the operations of the lifetime word: each breaks a promise that a scenario holds it to.</summary>
internal static class LifetimeMutants
{
    private const string Operations = "Runtime/Lifetimes/Lifetime.cs";
    private const string Word = "Runtime/Lifetimes/LifetimeWord.cs";

    public static IReadOnlyList<Mutant> All { get; } = [.. Gets(), .. Puts(), .. Returns(), .. Publications(), .. Freezing(), .. Words()];

    private static IEnumerable<Mutant> Gets() =>
    [
        new("undo-on-a-dead-word", "A failed get takes its add back: after an allocation's store has wiped it, that is somebody's reference.", Operations,
            "if (!after.IsLive)\n            return after.Generation == generation ? GetOutcome.NotNow : GetOutcome.Stale;",
            "if (!after.IsLive) { Atomics.Add(ref word, LifetimeWord.MinusOneReference); return after.Generation == generation ? GetOutcome.NotNow : GetOutcome.Stale; }",
            "failed-gets-then-allocation"),
        new("frozen-called-stale", "A get that meets a frozen object says that it was freed.", Operations,
            "return after.Generation == generation ? GetOutcome.NotNow : GetOutcome.Stale;", "return GetOutcome.Stale;", "freeze-against-spurious-reference"),
        new("no-put-back", "A get that met a stranger keeps the reference: the stranger is never destroyed.", Operations,
            "var last = Put(ref word, after.Generation) == PutOutcome.MustDestroy;", "var last = false;", "stranger-held-last"),
        new("put-back-by-bare-subtract", "A get that met a stranger subtracts its reference and doesn't ask whether it was the last.", Operations,
            "var last = Put(ref word, after.Generation) == PutOutcome.MustDestroy;", "var last = false; Atomics.Add(ref word, LifetimeWord.MinusOneReference);",
            "stranger-held-last"),
        new("put-back-by-the-handles-generation", "A get that met a stranger puts it by its own handle's generation: a surplus put, which is added back.", Operations,
            "var last = Put(ref word, after.Generation)", "var last = Put(ref word, generation)", "stranger-in-the-next-life"),
        new("last-of-a-stranger-ignored", "A get that is left as a stranger's last holder doesn't say so.", Operations,
            "return last ? GetOutcome.StaleMustDestroy : GetOutcome.Stale;", "return GetOutcome.Stale;", "stranger-held-last"),
        new("last-of-a-crowd-ignored", "A get past the limit that is left as the last holder doesn't say so.", Operations,
            "return last ? GetOutcome.SaturatedMustDestroy : GetOutcome.Saturated;", "return GetOutcome.Saturated;", "reference-limit"),
        new("reference-limit-dropped", "A get past the limit succeeds.", Operations,
            "return after.IsLiveAt(generation) && after.References <= LifetimeWord.ReferenceLimit", "return after.IsLiveAt(generation)", "reference-limit"),
        new("identity-before-the-hold", "A get looks first and takes its reference then.", Operations,
            "var after = new LifetimeWord(Atomics.Add(ref word, LifetimeWord.OneReference));", "var after = Load(ref word); Atomics.Add(ref word, LifetimeWord.OneReference);",
            "published-race"),
        new("life-not-asked", "A get asks for the generation and not whether the object lives: it gets what is being written.", Operations,
            "return after.IsLiveAt(generation) && after.References <= LifetimeWord.ReferenceLimit",
            "return after.Generation == generation && after.References <= LifetimeWord.ReferenceLimit", "gets-during-allocation"),
    ];

    private static IEnumerable<Mutant> Puts() =>
    [
        new("no-compare", "Whoever reaches 0 stores the end in place of the compare-exchange: somebody has revived the object.", Operations,
            "return Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits) == after.Bits\n            ? PutOutcome.MustDestroy\n            : PutOutcome.Dropped;",
            "Atomics.StoreRelease(ref word, after.Freed.Bits);\n        return PutOutcome.MustDestroy;", "resurrection-at-zero"),
        new("unconditional-end", "Whoever reaches 0 clears the live bit and raises the generation, whatever has become of the word.", Operations,
            "return Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits) == after.Bits\n            ? PutOutcome.MustDestroy\n            : PutOutcome.Dropped;",
            "Atomics.Add(ref word, unchecked(1ul - LifetimeWord.Live));\n        return PutOutcome.MustDestroy;", "published-race"),
        new("compare-until-it-holds", "A put that lost its compare-exchange tries again with what it finds, also if that is another life.", Operations,
            "return Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits) == after.Bits\n            ? PutOutcome.MustDestroy",
            "var seen = Load(ref word);\n        return seen.IsLive && seen.References == 0 && Atomics.CompareExchange(ref word, seen.Freed.Bits, seen.Bits) == seen.Bits\n            ? PutOutcome.MustDestroy",
            "two-putters-at-zero"),
        new("loser-destroys", "A put whose compare-exchange failed destroys all the same.", Operations,
            "return Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits) == after.Bits\n            ? PutOutcome.MustDestroy\n            : PutOutcome.Dropped;",
            "Atomics.CompareExchange(ref word, after.Freed.Bits, after.Bits);\n        return PutOutcome.MustDestroy;", "two-putters-at-zero"),
        new("never-last", "A put that leaves nobody leaves it at that.", Operations,
            "after.References - 1 < LifetimeWord.UnderflowFrom - 1", "after.References < LifetimeWord.UnderflowFrom", "published-race"),
        new("owner-overlooked", "The last put ends an object that its owner still holds.", Operations,
            "if (after.IsOwned)\n            return PutOutcome.Dropped;", "", "return-against-gets"),
        new("surplus-not-added-back", "A surplus put keeps what it took from somebody.", Operations,
            "Atomics.Add(ref word, LifetimeWord.OneReference);\n            return PutOutcome.Surplus;", "return PutOutcome.Surplus;", "surplus-put-of-another-life"),
        new("surplus-added-back-on-a-dead-word", "A surplus put on a frozen word is added back, after the unfreezing store has wiped it.", Operations,
            "if (!after.IsLive)\n            return PutOutcome.Surplus;", "", "surplus-put-below-zero"),
        new("other-life-put", "A put doesn't ask whose reference it is.", Operations,
            "if (after.Generation != generation || after.References >= LifetimeWord.UnderflowFrom)", "if (after.References >= LifetimeWord.UnderflowFrom)",
            "surplus-put-of-another-life"),
        new("underflow-overlooked", "A put below zero is taken for one of many.", Operations,
            "if (after.Generation != generation || after.References >= LifetimeWord.UnderflowFrom)", "if (after.Generation != generation)", "surplus-put-below-zero"),
    ];

    private static IEnumerable<Mutant> Returns() =>
    [
        new("second-return-counts", "A return doesn't ask whether there is an owner's hold left: it ends the object under a holder.", Operations,
            "if (!seen.IsOwned)\n                return ReturnOutcome.NotOwned;\n\n            var desired", "var desired", "racing-returns"),
        new("return-of-another-life", "A return asks whether something lives, and not what.", Operations,
            "if (!seen.IsLiveAt(generation))\n                return seen.Generation", "if (!seen.IsLive)\n                return seen.Generation", "returns-across-lives"),
        new("return-over-holders", "A return ends the generation though others hold the object.", Operations,
            "var desired = seen.References == 0 ? seen.Freed.Bits : seen.Bits & ~LifetimeWord.Owned;", "var desired = seen.Freed.Bits;", "racing-returns"),
        new("return-without-compare", "A return stores what it worked out, over a get that came between.", Operations,
            "var found = Atomics.CompareExchange(ref word, desired, seen.Bits);", "Atomics.StoreRelease(ref word, desired); var found = seen.Bits;", "return-against-gets"),
        new("deferred-return-destroys", "A return that leaves holders destroys the object under them.", Operations,
            "return seen.References == 0 ? ReturnOutcome.MustDestroy : ReturnOutcome.Deferred;", "return ReturnOutcome.MustDestroy;", "return-against-gets"),
        new("short-return-without-compare", "The short way of a return stores its end, over a get that came between.", Operations,
            "Atomics.CompareExchange(ref word, LifetimeWord.Dead(generation).Freed.Bits, published.Bits) == published.Bits;",
            "Atomics.CompareExchange(ref word, LifetimeWord.Dead(generation).Freed.Bits, Load(ref word).Bits) != 0;", "return-against-gets"),
        new("exclusive-return-without-compare", "Two racing returns of an exclusive object both count.", Operations,
            "var found = Atomics.CompareExchange(ref word, seen.Freed.Bits, seen.Bits);", "Atomics.StoreRelease(ref word, seen.Freed.Bits); var found = seen.Bits;",
            "racing-exclusive-returns"),
        new("exclusive-return-of-another-life", "An exclusive return asks whether something is held, and not what.", Operations,
            "if (!seen.IsHeldExclusivelyAt(generation))", "if (!seen.IsOwned)", "racing-exclusive-returns"),
    ];

    private static IEnumerable<Mutant> Publications() =>
    [
        new("rent-by-add", "Renting adds to the word: the stray adds of failed gets become references.", Operations,
            "Atomics.StoreRelease(ref word, hold | generation);", "Atomics.Add(ref word, (hold | generation) - (uint)word);",
            "failed-gets-then-allocation"),
        new("allocate-by-add", "Allocating adds to the word: the stray adds of failed gets become references.", Operations,
            "Atomics.StoreRelease(ref word, LifetimeWord.Referenced(generation, references).Bits);",
            "Atomics.Add(ref word, LifetimeWord.Referenced(generation, references).Bits - (uint)word);", "gets-during-allocation"),
        new("rent-without-release", "Renting publishes by a plain store: whoever sees the word may not see the object.", Operations,
            "Atomics.StoreRelease(ref word, hold | generation);", "word = hold | generation;", "read-against-allocation"),
        new("allocate-without-release", "Allocating publishes by a plain store: whoever sees the word may not see the object.", Operations,
            "Atomics.StoreRelease(ref word, LifetimeWord.Referenced(generation, references).Bits);",
            "word = LifetimeWord.Referenced(generation, references).Bits;", "gets-during-allocation"),
        new("exclusive-is-live", "An exclusive word is live: a handle tried as a shared one takes references on it.", Operations,
            "PublishHeld(ref word, space, LifetimeWord.ExclusiveHold);", "PublishHeld(ref word, space, LifetimeWord.SharedHold);",
            "exclusive-against-gets"),
        new("retired-not-told", "A word whose generations are spent goes on: the marker of a retired word is issued.", "Runtime/Lifetimes/GenerationSpace.cs",
            "word.Generation == Retired;", "word.Generation > Retired;", "generations-run-out"),
        new("one-generation-too-many", "The marker lies one above the last value that the bits can hold.", "Runtime/Lifetimes/GenerationSpace.cs",
            "Retired = (uint)((1ul << bits) - 1);", "Retired = (uint)(1ul << bits);", "generations-run-out"),
        new("first-generation-again", "Every life is issued the first generation: handles of the last one are good again.", "Runtime/Lifetimes/GenerationSpace.cs",
            "dead.Generation == 0 ? First : dead.Generation;", "First;", "gets-during-allocation"),
    ];

    private static IEnumerable<Mutant> Freezing() =>
    [
        new("freeze-over-references", "Freezing doesn't ask whether there are other references.", Operations,
            "if (!seen.IsLiveAt(generation) || seen.References != references)", "if (!seen.IsLiveAt(generation))", "freeze-against-spurious-reference"),
        new("freeze-without-compare", "Freezing stores, over a reference that was taken meanwhile.", Operations,
            "return Atomics.CompareExchange(ref word, frozen, seen.Bits) == seen.Bits;", "Atomics.StoreRelease(ref word, frozen);\n        return true;",
            "freeze-against-spurious-reference"),
        new("or-in-place-of-the-compare", "Freezing sets its bit whatever has become of the word, as an OR would (here the live bit is cleared, by an AND).", Operations,
            "return Atomics.CompareExchange(ref word, frozen, seen.Bits) == seen.Bits;",
            "Atomics.Add(ref word, 0);\n        Interlocked.And(ref word, ~LifetimeWord.Live);\n        return true;", "freeze-against-spurious-reference"),
        new("freeze-of-the-dying", "Freezing takes an object without references or owner from whoever is about to end it.", Operations,
            "if (references == 0 && !seen.IsOwned)\n            return false;", "", "freeze-without-references"),
        new("freeze-loses-the-owner", "Freezing forgets the owner's hold.", Operations,
            "var frozen = (seen.Bits & LifetimeWord.Owned) | generation;", "ulong frozen = generation;", "freeze-against-return"),
        new("unfreeze-by-add", "Unfreezing adds to the word: the adds of gets that failed meanwhile become references.", Operations,
            "Atomics.StoreRelease(ref word, LifetimeWord.Referenced(generation, references).Bits | (seen.Bits & LifetimeWord.Owned));",
            "Atomics.Add(ref word, LifetimeWord.Referenced(generation, references).Bits - generation);", "freeze-against-spurious-reference"),
        new("unfreeze-loses-the-owner", "Unfreezing forgets the owner's hold.", Operations,
            "LifetimeWord.Referenced(generation, references).Bits | (seen.Bits & LifetimeWord.Owned));", "LifetimeWord.Referenced(generation, references).Bits);",
            "freeze-against-return"),
        new("free-frozen-keeps-the-generation", "Freeing a frozen object leaves its generation to the next.", Operations,
            "LifetimeWord.Dead(generation).Freed.Bits);\n        Atomics.WriteBarrier();", "LifetimeWord.Dead(generation).Bits);\n        Atomics.WriteBarrier();",
            "read-against-freeze"),
    ];

    private static IEnumerable<Mutant> Words() =>
    [
        new("generation-not-tagged", "Freeing leaves the generation as it is.", Word, "new(Generation + 1ul);", "new(Generation + 0ul);", "published-race"),
        new("live-bit-left", "Freeing leaves the live bit.", Word, "new(Generation + 1ul);", "new((Bits & Live) | (Generation + 1ul));", "published-race"),
        new("generation-ignored", "Any generation will do.", Word,
            "(Bits & GenerationAndLive) == (Live | generation);", "IsLive;", "stranger-held-last"),
        new("generations-compared-by-one-bit", "Generations are compared in too few bits: every other one is the same.", Word,
            "private const ulong GenerationAndLive = Live | uint.MaxValue;", "private const ulong GenerationAndLive = Live | 1;", "stranger-in-the-next-life"),
        new("references-below-live", "References lie below the live bit: polling a stale handle carries into it.", Word,
            """
            public const ulong Live = 1ul << 32;
            public const ulong Owned = 1ul << 33;
            public const int ReferenceShift = 34;
            public const ulong OneReference = 1ul << ReferenceShift;

            /// <summary>Added to a word to take one reference away.</summary>
            public const ulong MinusOneReference = ulong.MaxValue << ReferenceShift;

            /// <summary>Most references a get may leave behind. Beyond it a get gives its reference back and fails.</summary>
            /// <remarks>The limit and every get in flight must stay below 2^30, where the field ends: 2^28 leaves room for 3 × 2^28 threads.</remarks>
            public const uint ReferenceLimit = 1u << 28;

            /// <summary>A reference field at or above this has gone below zero: more puts than gets.</summary>
            public const uint UnderflowFrom = 1u << 29;

            private const ulong GenerationAndLive = Live | uint.MaxValue;

            public uint Generation => (uint)Bits;

            public bool IsLive => (Bits & Live) != 0;

            public bool IsOwned => (Bits & Owned) != 0;

            public uint References => (uint)(Bits >> ReferenceShift);
            """,
            """
            public const ulong Live = 1ul << 62;
            public const ulong Owned = 1ul << 63;
            public const int ReferenceShift = 32;
            public const ulong OneReference = 1ul << ReferenceShift;
            public const ulong MinusOneReference = ulong.MaxValue << ReferenceShift;
            public const uint ReferenceLimit = 1u << 28;
            public const uint UnderflowFrom = 1u << 29;

            private const ulong GenerationAndLive = Live | uint.MaxValue;

            public uint Generation => (uint)Bits;

            public bool IsLive => (Bits & Live) != 0;

            public bool IsOwned => (Bits & Owned) != 0;

            public uint References => (uint)(Bits >> ReferenceShift) & ((1u << 30) - 1);
            """,
            "long-polling"),
        new("sequence-without-barrier", "A writer's content can be seen before the odd number that announces it.", "Runtime/Lifetimes/ContentSequence.cs",
            "Atomics.WriteBarrier();", "", "read-against-change"),
        new("sequence-without-release", "The even number can be seen before the content that it stands for.", "Runtime/Lifetimes/ContentSequence.cs",
            "Invariant.Check((value & 1) == 1, \"EndWrite follows BeginWrite\");\n        Atomics.StoreRelease(ref sequence, value + 1);",
            "sequence = value + 1;", "read-against-change"),
        new("odd-sequence-read", "A read begins in the middle of a change.", Operations, "return live && (sequenceSeen & 1) == 0;", "return live;", "read-against-change"),
        new("read-begins-on-a-dead-word", "A read begins before its object is published, and ends after.", Operations,
            "return live && (sequenceSeen & 1) == 0;", "return (sequenceSeen & 1) == 0;", "read-against-allocation"),
        new("read-ends-without-barrier", "The word is looked at again before the copy is made.", Operations, "Atomics.ReadBarrier();", "", "read-against-change"),
        new("read-ends-without-sequence", "A read doesn't ask whether content was changed meanwhile.", Operations,
            "return Load(in word).IsLiveAt(generation) && Atomics.LoadAcquire(in sequence) == sequenceSeen;", "return Load(in word).IsLiveAt(generation);", "read-against-change"),
        new("read-ends-without-word", "A read doesn't ask whether its object still lives.", Operations,
            "return Load(in word).IsLiveAt(generation) && Atomics.LoadAcquire(in sequence) == sequenceSeen;", "return Atomics.LoadAcquire(in sequence) == sequenceSeen;",
            "read-against-recycling"),
    ];
}
