using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <content>
/// A count in parts: each thread adds to its own, by plain stores, and who wants to know the sum shuts everybody out and collects.
/// Invariant: what was added by all threads is the balances of all stacks and what was collected.   [ThreadStackSetTests.Balances_…]
/// </content>
internal readonly unsafe partial struct ThreadStack
{
    /// <summary>Adds to the thread's part. False: another thread collects it, and nothing was added. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(long amount)
    {
        var block = _block;
        if (!BiasedLatch.TryEnterAsOwner(&block->Latch))
            return false;

        // Only we write it now. No fence: a sum that we are not in finds us inside, and waits, or we found it here.
        Atomics.StoreRelease(ref block->Balance, block->Balance + amount);
        BiasedLatch.LeaveAsOwner(&block->Latch);
        return true;
    }

    /// <summary>Collects the thread's part, and leaves none. By a revoker, or of a thread that has ended.</summary>
    internal long TakeBalance()
    {
        var balance = Atomics.LoadAcquire(ref _block->Balance);
        Atomics.StoreRelease(ref _block->Balance, 0);
        return balance;
    }
}
