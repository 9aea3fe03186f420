using System.Runtime.CompilerServices;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// The 64 bits that say whose life a folio or slot is in. Pure: no atomics here, only what the bits mean.
/// <code>
///   63                     34   33    32   31                       0
///   [ references : 30 bits   |owned|live| generation : 32 bits       ]
/// </code>
/// References are on top so that adds on a dead word run off the end of the word and can never carry into owned, live or
/// generation (L6). All zero is dead at generation 0, which is never issued, so fresh zero pages can't be got.
/// </summary>
/// <param name="Bits">The word as it stands in memory.</param>
internal readonly record struct LifetimeWord(ulong Bits)
{
    /// <summary>An owner's hold under the shared discipline: live, so that others may get references.</summary>
    public const ulong SharedHold = Live | Owned;

    /// <summary>An owner's hold under the exclusive discipline: never live.</summary>
    public const ulong ExclusiveHold = Owned;

    public const int GenerationBits = 32;
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

    /// <summary>The word's next generation, dead, with no stray references: what freeing stores.</summary>
    public LifetimeWord Freed => new(Generation + 1ul);

    /// <summary>Live in exactly this generation, whatever the references and the owner's hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLiveAt(uint generation) => (Bits & GenerationAndLive) == (Live | generation);

    /// <summary>Rented in exactly the generation that is given together with its discipline's hold, whatever the references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsHeldBy(ulong holdAndGeneration) => (Bits ^ holdAndGeneration) << (64 - ReferenceShift) == 0;

    /// <summary>Rented under the exclusive discipline in exactly this generation: owned and not live.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsHeldExclusivelyAt(uint generation) => IsHeldBy(ExclusiveHold | generation);

    /// <summary>Out in exactly this generation, under whichever discipline: somebody has a reference or the owner's hold, frozen or not.</summary>
    public bool IsHeldAt(uint generation) => Generation == generation && (Bits & (Live | Owned)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LifetimeWord Dead(uint generation) => new(generation);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LifetimeWord Rented(uint generation) => new(SharedHold | generation);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LifetimeWord Referenced(uint generation, uint references) =>
        new(((ulong)references << ReferenceShift) | Live | generation);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LifetimeWord Exclusive(uint generation) => new(ExclusiveHold | generation);

    public override string ToString() =>
        $"(generation {Generation}, {(IsLive ? "live" : "dead")}{(IsOwned ? ", owned" : "")}, references {References})";
}
