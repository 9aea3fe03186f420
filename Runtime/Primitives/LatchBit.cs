using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// The word of a <see cref="BriefLatch"/>: whoever finds it free takes it by one compare-and-swap, and gives it back by one store. Who doesn't queues on a latch, so that of those who wait one looks at the word.
/// <code>
///   0: free     1: held
///   Writers: who enters (CAS from 0), who holds it (0). Readers: who enters.
/// </code>
/// Order: the CAS, a full fence, comes before the section; the release store after it pairs with the next one's CAS, who so sees what the section wrote. Nothing keeps later loads behind that store, as little as behind
/// the end of any other latch.   [latch-… scenarios]
/// </summary>
internal struct LatchBit
{
    private uint _isHeld;

    /// <summary>Takes it if it is free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter() => Atomics.CompareExchange(ref _isHeld, 1, 0) == 0;

    /// <summary>Waits until it is free and takes it. Whoever is in the queue before the caller, and whoever comes while it is free, may get it first.</summary>
    public void Enter(Latch queue)
    {
        using (queue.Hold())
        {
            // Ends: sections are bounded. If many come at once others may get in first each time; each of these has made progress.
            for (var wait = default(SpinWait); Atomics.LoadAcquire(ref _isHeld) != 0 || !TryEnter();)
                Atomics.SpinOnce(ref wait);
        }
    }

    /// <summary>Gives it back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => Atomics.StoreRelease(ref _isHeld, 0);
}
