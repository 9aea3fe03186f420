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
/// then looks at the flag; so one of the two finds the object.
/// </summary>
internal sealed class PoolTicket<T>(int number)
    where T : class
{
    private const uint InHand = 0;
    private const uint Out = 1;
    private const uint Idle = 2;
    private const uint Gone = 3;

    private uint _state;
    private T? _idle;

    /// <summary>Its place in the pool's table, from 1; 0: an object beyond the pool's limit.</summary>
    public int Number { get; } = number;

    public bool IsPooled => Number != 0;

    /// <summary>Whether its object waited for a user just now. Only a get can tell.</summary>
    public bool IsIdle => Atomics.LoadAcquire(ref _state) == Idle;

    /// <summary>The slot's handle in the rent that is or was last under way.</summary>
    public SlabHandle<ulong> Handle { get; private set; }

    /// <summary>A new object goes out.</summary>
    public void Start(SlabHandle<ulong> handle)
    {
        Handle = handle;
        Atomics.StoreRelease(ref _state, Out);
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
    public bool TryClaim() => Atomics.CompareExchange(ref _state, InHand, Out) == Out;

    /// <summary>The object waits for its next user. The claimant's; visible to the next by the slot's return and rent.</summary>
    public void MakeIdle(T item)
    {
        _idle = item;
        Atomics.Exchange(ref _state, Idle);
    }

    /// <summary>Takes the idle object away for good, if there is one.</summary>
    public T? TakeIdle() => TakeIdle(Gone);

    private T? TakeIdle(uint next)
    {
        if (Atomics.CompareExchange(ref _state, next, Idle) != Idle)
            return null;
        var item = _idle;
        _idle = null;
        return item;
    }
}
