extern alias instrumented;

using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Controls;

/// <summary>
/// CONTROL, FROZEN: the counter of the Linux series "mm: improve folio refcount scalability", version 4 (June 2026), as
/// published. It is here because it is broken when memory is recycled among types; don't repair it, don't tune it.
/// <code>
///   [ … | frozen[31] | references[0..30] ]      no generation
/// </code>
/// A get is one unconditional add that fails if the frozen bit is set and leaves its add behind; a loop resets stray adds
/// past 2^30. A put adds −1, and whoever reaches 0 tries CAS(0 → frozen): zero looks the same in every life of the word.
/// </summary>
internal struct KernelV4Word : ICountedWord
{
    public const ulong Frozen = 1ul << 31;
    private const ulong StrayLimit = 1ul << 30;

    public static ulong Dead => Frozen;

    public static void Publish(ref ulong word) => Atomics.StoreRelease(ref word, 1);

    public static bool TryGet(ref ulong word)
    {
        var after = Atomics.Add(ref word, 1ul);
        if ((after & Frozen) == 0)
            return true;

        // Ends: either the word is reset, or someone else reset or published it.
        while ((after & Frozen) != 0 && (after & ~Frozen) > StrayLimit)
        {
            var found = Atomics.CompareExchange(ref word, Frozen, after);
            if (found == after)
                break;
            after = found;
        }

        return false;
    }

    public static ulong References(ref ulong word)
    {
        var found = Atomics.LoadAcquire(ref word);
        return (found & Frozen) != 0 ? 0 : found;
    }

    public static bool Put(ref ulong word)
    {
        if (Atomics.Add(ref word, ulong.MaxValue) != 0)
            return false;
        return Atomics.CompareExchange(ref word, Frozen, 0ul) == 0;
    }
}
