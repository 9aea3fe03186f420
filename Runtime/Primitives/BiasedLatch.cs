using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A latch biased to one owning thread. The owner enters and leaves with plain stores and one load; anyone else revokes
/// the bias first, which costs a process-wide barrier. It protects a per-thread structure that other threads must, seldom,
/// be able to empty: at trim, at dispose, after the thread's death.
///
/// <code>
///   owner:   active = 1;  if (revoked) { active = 0; go the slow way }   … section …   active = 0 (release)
///   revoker: revoked = 1; process-wide barrier; wait until active == 0   … section …   revoked = 0 (release)
/// </code>
///
/// Mutual exclusion is Dekker's: the owner stores active then loads revoked, the revoker stores revoked then loads active,
/// and the barrier stands for the fence the owner leaves out: either the owner's load sees revoked, or the revoker's sees
/// active. Owner sections are short, call no user code and take no latch, so the revoker's wait ends.
/// Revokers exclude each other by a latch of their own.   [ThreadStackSetTests]
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BiasedLatch
{
    // Writers: the owner. Readers: revokers, who acquire what the owner released.
#pragma warning disable IDE0044 // Written through an address.
    private uint _active;
#pragma warning restore IDE0044

    // Writers: revokers, under their own latch. Readers: the owner.
    private uint _revoked;

    /// <summary>Enters as the owner, in memory that doesn't move. False: a revoker is inside or wants in; nothing is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryEnterAsOwner(BiasedLatch* latch)
    {
        Atomics.StoreRelease(&latch->_active, 1);
        if (Atomics.LoadAcquire(&latch->_revoked) == 0)
            return true;
        Atomics.StoreRelease(&latch->_active, 0);
        return false;
    }

    /// <summary>Leaves; the owner's writes inside are released to the next revoker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LeaveAsOwner(BiasedLatch* latch) => Atomics.StoreRelease(&latch->_active, 0);

    /// <summary>Starts to shut the owner out. One process-wide barrier, which many latches may share, and then <see cref="WaitForOwner"/> must follow. The caller excludes other revokers.</summary>
    public void AnnounceRevocation() => Atomics.StoreRelease(ref _revoked, 1);

    /// <summary>Waits until the owner is outside, or has ended.</summary>
    public void WaitForOwner(Thread owner)
    {
        // Ends: the owner's section is bounded, and once outside it sees _revoked and stays out.
        var wait = default(SpinWait);
        while (Atomics.LoadAcquire(ref _active) != 0 && Atomics.IsAlive(owner))
            Atomics.SpinOnce(ref wait);
    }

    /// <summary>Lets the owner in again.</summary>
    public void Restore() => Atomics.StoreRelease(ref _revoked, 0);
}
