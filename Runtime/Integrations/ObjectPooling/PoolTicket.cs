using System.Diagnostics.CodeAnalysis;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// Stands for one pooled object. While the object is idle the ticket keeps it alive; while it is out only its user does.
/// <code>
///   in hand ─► out ─(a return claims it)─► in hand ─► idle ─(a get)─► in hand ─► out …        idle ─(the pool's end)─► gone
/// </code>
/// Every step out of <c>out</c> and <c>idle</c> is a CAS that one thread wins and that puts the ticket in its hand; steps from
/// there are its stores. The one to <c>idle</c> is a full fence: the pool's end sets its flag, then takes what is idle; a return makes it idle,
/// then looks at the flag; so one of the two finds the object. A trim takes what is idle as the end does.
/// </summary>
internal sealed class PoolTicket<T>(int number)
    where T : class
{
    private const ulong InHand = 0;
    private const ulong Out = 1;
    private const ulong Idle = 2;
    private const ulong Gone = 3;
    private const ulong States = 3;
    private const ulong OneRent = 4;

    // rents[2..63] | state[0..1]
    // Writers: the CAS out of a state, and whoever has the ticket in hand. Readers: any thread.
    // Of those who would take it out of a state one gets it in hand, so an object has one user, and ends once.   [object-pool-racing-returns, object-pool-dispose-get]
    // The count grows with each rent and never wraps, so that a claim of one rent can't succeed in another.   [SlabObjectPoolHandleTests, object-pool-stale-returns]
    private ulong _state;

    // Writer: who starts a rent, before the word says so. Readers: any thread, and one whose rent may be over compares it.   [object-pool-stale-returns]
    private ulong _handle;
    private T? _idle;

    // Under the table's latch: the rent that was last when somebody looked for what is unused.
    private SlabHandle<ulong> _seen;

    /// <summary>Its place in the pool's table, from 1; 0: an object beyond the pool's limit.</summary>
    public int Number { get; } = number;

    public bool IsPooled => Number != 0;

    /// <summary>Whether its object waited for a user just now. Only a get can tell.</summary>
    public bool IsIdle => (Atomics.LoadAcquire(ref _state) & States) == Idle;

    /// <summary>Whether its object was with a user just now. That user alone can tell.</summary>
    public bool IsOut => (Atomics.LoadAcquire(ref _state) & States) == Out;

    /// <summary>The slot's handle in the rent that is or was last under way.</summary>
    public SlabHandle<ulong> Handle => new(Atomics.LoadAcquire(ref _handle));

    /// <summary>A new object goes out.</summary>
    public void Start(SlabHandle<ulong> handle)
    {
        Atomics.StoreRelease(ref _handle, handle.ToUInt64());
        Atomics.StoreRelease(ref _state, (Atomics.LoadAcquire(ref _state) & ~States) + OneRent + Out);
    }

    /// <summary>The idle object goes out, with a slot that the caller has rented, whichever it lay behind. False: it is not idle, or no longer.</summary>
    public bool TryActivate(SlabHandle<ulong> handle, [NotNullWhen(true)] out T? item)
    {
        item = TakeIdle(InHand);
        if (item is null)
            return false;
        Start(handle);
        return true;
    }

    /// <summary>Of any number of returns of one rent, lets one through, which then has the ticket in its hand.</summary>
    public bool TryClaim() => TryClaim(Atomics.LoadAcquire(ref _state));

    /// <summary>As <see cref="TryClaim()"/>, but only if the rent is the one of this handle.</summary>
    public bool TryClaim(SlabHandle<ulong> handle)
    {
        // The word before the handle: if another rent has begun by now the handle may be either, but then the word is another and the claim fails.
        var seen = Atomics.LoadAcquire(ref _state);
        return Handle == handle && TryClaim(seen);
    }

    /// <summary>The object waits for its next user. The claimant's; visible to the next by the slot's return and rent.</summary>
    public void MakeIdle(T item)
    {
        _idle = item;

        // Succeeds: nobody else changes the word of a ticket in hand. For its full fence.   [object-pool-dispose-return]
        var inHand = Atomics.LoadAcquire(ref _state);
        Atomics.CompareExchange(ref _state, inHand - InHand + Idle, inHand);
    }

    /// <summary>Takes the idle object away for good, if there is one.</summary>
    public T? TakeIdle() => TakeIdle(Gone);

    /// <summary>Whether no rent began since this was last asked. Under the table's latch.</summary>
    public bool IsUnused()
    {
        var last = Handle;
        var isUnused = last == _seen;
        _seen = last;
        return isUnused;
    }

    private bool TryClaim(ulong seen) => (seen & States) == Out && Atomics.CompareExchange(ref _state, seen - Out + InHand, seen) == seen;

    private T? TakeIdle(ulong next)
    {
        var seen = Atomics.LoadAcquire(ref _state);
        if ((seen & States) != Idle || Atomics.CompareExchange(ref _state, seen - Idle + next, seen) != seen)
            return null;
        var item = _idle;
        _idle = null;
        return item;
    }
}
