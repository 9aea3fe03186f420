extern alias instrumented;

using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: the sticky counter of Anderson, Blelloch and Wei, "Turning Manual Concurrent Memory Reclamation into
/// Automatic Reference Counting" (PLDI 2022), with its slots used again. Sound where a counter is never recycled; broken
/// where it is. Don't repair it, don't tune it.
/// <code>
///   [ zero[63] | helped[62] | references[0..61] ]      no generation
/// </code>
/// A get is one unconditional add that fails if the zero flag is set. Whoever reaches 0 tries CAS(0 → zero). A load that
/// meets a bare 0 settles it as zero + helped, and one decrementer claims that by taking the helped flag away.
/// </summary>
internal struct StickyWord : ICountedWord
{
    public const ulong Zero = 1ul << 63;
    public const ulong Helped = 1ul << 62;

    public static ulong Dead => Zero;

    public static void Publish(ref ulong word) => Atomics.StoreRelease(ref word, 1);

    public static bool TryGet(ref ulong word) => (Atomics.Add(ref word, 1ul) & Zero) == 0;

    public static bool Put(ref ulong word)
    {
        if (Atomics.Add(ref word, ulong.MaxValue) != 0)
            return false;
        var found = Atomics.CompareExchange(ref word, Zero, 0ul);
        if (found == 0)
            return true;

        // The paper's exchange(zero), as a loop because the seam has no 64-bit exchange. Ends: see who took the flag.
        while ((found & Helped) != 0)
        {
            var seen = Atomics.CompareExchange(ref word, Zero, found);
            if (seen == found)
                return true;
            found = seen;
        }

        return false;
    }

    // The paper's load: a bare 0 is settled as dead, so that it can't be revived after someone has seen it.
    public static ulong References(ref ulong word)
    {
        var found = Atomics.LoadAcquire(ref word);
        if (found == 0)
            found = Atomics.CompareExchange(ref word, Zero | Helped, 0ul);
        return found == 0 || (found & Zero) != 0 ? 0 : found;
    }
}
