using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// How many items a <see cref="ThreadStack"/> holds, and how many were ever popped from it, in one word: so that a pop, which must store the first, has counted itself.
/// <code>
///   pops[16..63] | count[0..15]            push: + 1            pop: + 2^16 - 1            refilled, flushed, emptied: the count alone
/// </code>
/// Invariant: 0 ≤ count ≤ <see cref="MostItems"/>, and only a stack that has an item is popped, so neither part runs into the other.   [StackTallyTests]
/// The pops start again after 2^48, which at 4 ns each are 13 days of nothing else on one thread: who adds them up takes the difference to an earlier look
/// (<see cref="PopsSince"/>), which no wrap between the two harms.
/// </summary>
/// <param name="bits">The word.</param>
internal readonly struct StackTally(ulong bits)
{
    public const int CountBits = 16;

    /// <summary>Most items that can be counted.</summary>
    public const int MostItems = (1 << CountBits) - 1;

    /// <summary>What is added for an item that was pushed.</summary>
    public const ulong Push = 1;

    /// <summary>What is added for an item that was popped: one to the pops, and one from the count.</summary>
    public const ulong Pop = (1ul << CountBits) - 1;

    public ulong Bits => bits;

    /// <summary>Items held.</summary>
    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ushort)bits;
    }

    /// <summary>Items popped between an earlier word of the same stack and this, if they were fewer than 2^48.</summary>
    public long PopsSince(StackTally earlier) => (long)((bits >> CountBits) - (earlier.Bits >> CountBits)) & (long)(ulong.MaxValue >> CountBits);
}
