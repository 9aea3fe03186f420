using System.Diagnostics.CodeAnalysis;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <content>The ways to an object: idle behind the slot that was rented, idle elsewhere, or new.</content>
public sealed partial class SlabObjectPool<T>
{
    private readonly PoolPlaces? _places;

    /// <summary>An idle object, or a new one from the policy. An exception of the policy passes through and loses nothing. Never waits.</summary>
    /// <exception cref="InvalidOperationException">The pool is bounded, and all its objects are out. Expected: see <see cref="TryGet"/> and <see cref="GetAsync"/>.</exception>
    /// <exception cref="OutOfMemoryException">The pool is bounded, and the runtime has no memory for another slot.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public override T Get() => TryGet(out var item)
        ? item
        : throw new InvalidOperationException($"All {MaximumRetained} objects of the bounded pool '{_cache.Name}' are out, and {_places!.Waiting} calls wait for one.");

    /// <summary>As <see cref="Get"/>, but that a bounded pool's objects are all out is an answer. Without a bound always true. Never waits.</summary>
    /// <param name="item">The object, to be returned by the caller.</param>
    /// <exception cref="OutOfMemoryException">The pool is bounded, and the runtime has no memory for another slot.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public bool TryGet([NotNullWhen(true)] out T? item)
    {
        if (_places is null || _places.TryEnter())
        {
            item = GetInPlace();
            return true;
        }

        ObjectDisposedException.ThrowIf(_cache.Untyped.IsDisposed, this);
        item = null;
        return false;
    }

    /// <summary>
    /// An idle object, or a new one; when all of a bounded pool's are out, the next that is returned and not awaited by an earlier call. First come, first served: no later call of any
    /// kind overtakes one that waits. Without a bound the answer is there at once.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; an object that is returned meanwhile goes to the next.</param>
    /// <returns>The object, to be returned by the caller.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled while the call waited, or before.</exception>
    /// <exception cref="OutOfMemoryException">The pool is bounded, and the runtime has no memory for another slot.</exception>
    /// <exception cref="ObjectDisposedException">The pool or its runtime is disposed, perhaps while the call waited.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        return _places is null || _places.TryEnter(countsRejection: false)
            ? ValueTask.FromResult(GetInPlace())
            : Wait(_places, cancellationToken);
    }

    private async ValueTask<T> Wait(PoolPlaces places, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_cache.Untyped.IsDisposed, this);
        var hasEntered = await places.Enter(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(!hasEntered, this);
        return GetInPlace();
    }

    // The caller has a place, if there are such; the object takes it over.
    private T GetInPlace()
    {
        try
        {
            if (_places is not null)
                return GetInSlot(_cache.Rent())!;
            return (_cache.TryRent(out var handle) ? GetInSlot(handle) : null) ?? Unpooled();
        }
        catch
        {
            _places?.Leave();
            throw;
        }
    }

    // Null: there is no bound, and there are as many objects as the pool keeps. The slot has then gone back, as it has after an exception.
    private T? GetInSlot(SlabHandle<ulong> handle)
    {
        T? item = null;
        try
        {
            ref var number = ref _cache.ValueOf(handle);
            if (number != 0 && _table.Find(number) is { } hinted && hinted.TryActivate(handle, out item))
                return item;

            // What it names is somebody else's, or the pool's end took it.
            ObjectDisposedException.ThrowIf(number != 0 && _cache.Untyped.IsDisposed, this);
            number = 0;

            // Ends: without a bound in the first round. With one, at most as many others hold a place as there are objects, less one, so one is idle or may be made; it is
            // missed only when somebody else got or returned one meanwhile.
            var wait = default(SpinWait);
            while (true)
            {
                if (_table.TryActivateAny(handle, _places is null ? TicketsLookedAt : uint.MaxValue, out var ticket, out item))
                {
                    number = (ulong)ticket.Number;
                    return item;
                }

                if (_table.TryAdd(out ticket))
                {
                    item = Create(ticket);
                    number = (ulong)ticket.Number;
                    ticket.Start(handle);
                    return item;
                }

                if (_places is null)
                    return null;
                ObjectDisposedException.ThrowIf(_cache.Untyped.IsDisposed, this);
                Atomics.SpinOnce(ref wait);
            }
        }
        finally
        {
            if (item is null)
                _cache.TryReturn(handle);
        }
    }

    private T Unpooled()
    {
        var ticket = new PoolTicket<T>(number: 0);
        var item = Create(ticket);
        Cache.Fallbacks.Add();
        ticket.Start(default);
        return item;
    }

    private T Create(PoolTicket<T> ticket)
    {
        try
        {
            // Adding throws for an object that is in use or idle already: a policy must make a new one each time.
            var item = _policy.Create();
            _watches.Add(item, new PoolTicketWatch<T>(_self, ticket));
            _created.Add();
            return item;
        }
        catch
        {
            if (ticket.IsPooled)
                _table.Remove(ticket);
            throw;
        }
    }
}
