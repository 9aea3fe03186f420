namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// What the pool attaches to an object: the way from it to its ticket, and a notice when the object is garbage though its user never returned it. The
/// object's place in the pool is then free again. Once the pool is garbage too there is nothing to do.
/// </summary>
/// <param name="pool">
/// The pool's own, and the pool keeps it alive. Weak, so that it leads nowhere when the pool goes in the same collection: the memory behind its slots may be gone by then.
/// </param>
/// <param name="ticket">The object's.</param>
internal sealed class PoolTicketWatch<T>(WeakReference<SlabObjectPool<T>> pool, PoolTicket<T> ticket) : IDisposable
    where T : class
{
    ~PoolTicketWatch()
    {
        if (pool.TryGetTarget(out var alive))
            alive.TakeBackLost(Ticket);
    }

    public PoolTicket<T> Ticket { get; } = ticket;

    /// <summary>The object is no longer the pool's.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
