using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What the brief latch does, made wrong.</summary>
internal static class LatchMutants
{
    private const string LatchBit = "Runtime/Primitives/LatchBit.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "latch-looked-at-then-taken",
            "A latch is found free and taken in one step.",
            LatchBit,
            "public bool TryEnter() => Atomics.CompareExchange(ref _isHeld, 1, 0) == 0;",
            """
            public bool TryEnter()
            {
                if (Atomics.LoadAcquire(ref _isHeld) != 0)
                    return false;
                Atomics.StoreRelease(ref _isHeld, 1);
                return true;
            }
            """,
            "latch-by-two"),
        new(
            "late-comer-walks-in",
            "Who waits takes the latch when he finds it free: another may have come first.",
            LatchBit,
            "Atomics.LoadAcquire(ref _isHeld) != 0 || !TryEnter();",
            "Atomics.LoadAcquire(ref _isHeld) != 0;",
            "latch-by-three"),
        new(
            "latch-kept",
            "A latch is given back.",
            LatchBit,
            "public void Leave() => Atomics.StoreRelease(ref _isHeld, 0);",
            "public void Leave() => Atomics.StoreRelease(ref _isHeld, 1);",
            "latch-by-two"),
    ];
}
