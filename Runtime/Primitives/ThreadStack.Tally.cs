using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <content>
/// What tells how much the owner has popped and pushed: its tally, which it stores at every step anyway, and what came and went otherwise, which is counted where that is done.
/// Invariant: pushes = count + pops + moved out - moved in, when nobody is inside.   [ThreadStackTotalsTests]
/// </content>
internal readonly unsafe partial struct ThreadStack
{
    /// <summary>
    /// The tally, and what was moved, such that the sum of pushes that follows from them isn't more than there were: whoever moves items in says so before the tally has them,
    /// and whoever moves items out says so after the tally has them no longer; so they are read the other way round. The caller keeps revokers out.
    /// </summary>
    [Glance("Order is by barriers: each is some value that there was, and what is moved is seen with the tally that it belongs to or a later one, or an earlier one, as said above.")]
    public (StackTally Tally, long MovedIn, long MovedOut) Glance()
    {
        var movedOut = Atomics.LoadAcquire(ref _block->MovedOut);
        var tally = new StackTally(_block->Tally);
        Atomics.ReadBarrier();
        return (tally, Atomics.LoadAcquire(ref _block->MovedIn), movedOut);
    }

    // Straight from memory, so that the processor loads the count alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint CountOf(ThreadStackBlock* block) => (ushort)block->Tally;

    // The owner inside its section, or a revoker.
    private void MoveIn(int items)
    {
        Atomics.StoreRelease(ref _block->MovedIn, _block->MovedIn + items);
        Atomics.StoreRelease(ref _block->Tally, _block->Tally + (ulong)items);
    }

    private void MoveOut(int items)
    {
        Atomics.StoreRelease(ref _block->Tally, _block->Tally - (ulong)items);
        Atomics.StoreRelease(ref _block->MovedOut, _block->MovedOut + items);
    }
}
