using FolioRuntime.Primitives;

namespace FolioRuntime.Lifetimes;

/// <summary>
/// The number that tells optimistic readers that content changed in place: even at rest, odd while one writer writes.
/// Writers exclude each other by other means (the folio's lock, or freezing). 32 bits: a reader is fooled only if 2^31 changes fall
/// within one of its reads. Source: Linux <c>seqcount_t</c>.
/// </summary>
internal static class ContentSequence
{
    /// <summary>Readers that start from here on fail until <see cref="EndWrite"/>. The barrier keeps the content's stores behind the odd number.</summary>
    public static void BeginWrite(ref uint sequence)
    {
        var value = Atomics.LoadAcquire(ref sequence);
        Invariant.Check((value & 1) == 0, "one writer at a time changes content");
        Atomics.StoreRelease(ref sequence, value + 1);
        Atomics.WriteBarrier();
    }

    /// <summary>The content is whole again.</summary>
    public static void EndWrite(ref uint sequence)
    {
        var value = Atomics.LoadAcquire(ref sequence);
        Invariant.Check((value & 1) == 1, "EndWrite follows BeginWrite");
        Atomics.StoreRelease(ref sequence, value + 1);
    }
}
