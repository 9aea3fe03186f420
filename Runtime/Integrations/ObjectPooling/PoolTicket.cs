using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// Stands for one pooled object. While the object is idle the ticket keeps it alive; while it is out only its user does.
/// State: 0 idle, 1 out. Out → idle is a CAS that one return wins; idle → out is a store by whoever rented the slot.
/// </summary>
internal sealed class PoolTicket<T>(int number)
    where T : class
{
    private uint _out;
    private T? _idle;

    /// <summary>Its place in the pool's table, from 1; 0: an object beyond the pool's limit.</summary>
    public int Number { get; } = number;

    public bool IsPooled => Number != 0;

    /// <summary>The slot's handle in the rent that is or was last under way.</summary>
    public SlabHandle<ulong> Handle { get; private set; }

    /// <summary>A new object goes out.</summary>
    public void Start(SlabHandle<ulong> handle)
    {
        Handle = handle;
        Atomics.StoreRelease(ref _out, 1);
    }

    /// <summary>The idle object goes out. The caller has rented the slot that names this ticket, so it alone is here.</summary>
    public T Activate(SlabHandle<ulong> handle)
    {
        var item = _idle;
        Invariant.Require(item is not null, "the ticket in a free slot has an idle object");
        _idle = null;
        Handle = handle;
        Atomics.StoreRelease(ref _out, 1);
        return item;
    }

    /// <summary>Of any number of returns of one rent, lets one through.</summary>
    public bool TryClaim() => Atomics.CompareExchange(ref _out, 0, 1) == 1;

    /// <summary>The object waits for its next user. The claimant's; visible to the next by the slot's return and rent.</summary>
    public void Idle(T item) => _idle = item;

    /// <summary>Takes the idle object away for good, if there is one.</summary>
    public T? TakeIdle()
    {
        var item = _idle;
        _idle = null;
        return item;
    }
}
