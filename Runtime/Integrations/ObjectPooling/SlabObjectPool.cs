using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// An <see cref="ObjectPool{T}"/> whose returns are checked: an object returned twice, or one that the pool never gave, is
/// refused, counted and reported, where the usual pools would hand it to two users. Nothing is thrown from a return. Thread-safe.
/// <code>
///   object ─(weak table)─► ticket ─► handle of an exclusive 8-byte slot, whose content is the ticket's number
///   Get:    rent a slot; its content names the idle ticket and so the object     Return: claim the ticket; reset; return the slot
/// </code>
/// Idle objects so follow the slots: each thread finds those it returned last. What can't be told: a return by an
/// earlier user of an object that somebody else has got since, because a plain object reference carries no generation.
/// </summary>
/// <typeparam name="T">Type of the pooled objects.</typeparam>
public sealed class SlabObjectPool<T> : ObjectPool<T>, IDisposable
    where T : class
{
    private readonly ConditionalWeakTable<T, PoolTicket<T>> _tickets = [];
    private readonly PoolTicketTable<T> _table;
    private readonly IPooledObjectPolicy<T> _policy;
    private readonly SlabCache<ulong> _cache;
    private readonly ViolationLog _violations;
    private readonly uint _lastGeneration;

    internal SlabObjectPool(SlabCache<ulong> cache, GenerationSpace generations, ViolationLog violations, IPooledObjectPolicy<T> policy, int maximumRetained)
    {
        _lastGeneration = generations.Last;
        _cache = cache;
        _violations = violations;
        _policy = policy;
        _table = new PoolTicketTable<T>(maximumRetained);
    }

    /// <summary>Objects handed out beyond the most that are retained, or without memory for a slot: made new, and dropped when returned.</summary>
    public long UnpooledCount => Cache.Fallbacks.Value;

    /// <summary>The cache whose slots stand for the pooled objects: its statistics are the pool's.</summary>
    public SlabCache Cache => _cache.Untyped;

    /// <summary>An idle object, or a new one from the policy. An exception of the policy passes through and loses nothing.</summary>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public override T Get()
    {
        if (!_cache.TryRent(out var handle))
            return Unpooled();
        ref var number = ref _cache.ValueOf(handle);
        if (number != 0)
        {
            if (_table[(int)number].TryActivate(handle, out var idle))
                return idle;
            _cache.TryReturn(handle);
            throw new ObjectDisposedException(_cache.Name);
        }

        try
        {
            if (!_table.TryAdd(out var ticket))
            {
                _cache.Return(handle);
                return Unpooled();
            }

            T item;
            try
            {
                // Adding throws for an object that is in use or idle already: a policy must make a new one each time.
                item = _policy.Create();
                _tickets.Add(item, ticket);
            }
            catch
            {
                _table.Remove(ticket);
                throw;
            }

            number = (ulong)ticket.Number;
            ticket.Start(handle);
            return item;
        }
        catch
        {
            _cache.TryReturn(handle);
            throw;
        }
    }

    /// <summary>Gives an object back. What the policy refuses is dropped, and disposed if it is disposable.</summary>
    /// <param name="obj">What <see cref="Get"/> gave. Anything else is refused, reported and left alone.</param>
    public override void Return(T obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (!_tickets.TryGetValue(obj, out var ticket))
        {
            _violations.Report(ViolationKind.ForeignHandle, _cache.Name, 0, 0, "an object that this pool did not give was returned");
            return;
        }

        if (!ticket.TryClaim())
        {
            _violations.Report(ViolationKind.DoubleReturn, _cache.Name, ticket.Handle.Index, ticket.Handle.Generation, "an object was returned to its pool twice");
            return;
        }

        // A slot in its last generation retires with this return, and could not lead to the object again.
        if (ticket.IsPooled && Reset(obj) && !_cache.Untyped.IsDisposed && ticket.Handle.Generation != _lastGeneration)
            MakeIdle(obj, ticket);
        else
            Drop(obj, ticket);
        if (ticket.IsPooled)
            _cache.TryReturn(ticket.Handle);
    }

    /// <summary>Takes no more gets; idle disposable objects are disposed now, others when they are returned.</summary>
    public void Dispose()
    {
        _cache.Dispose();
        foreach (var item in _table.TakeIdle())
            DisposeItem(item);
    }

    private T Unpooled()
    {
        Cache.Fallbacks.Add();
        var item = _policy.Create();
        var ticket = new PoolTicket<T>(number: 0);
        _tickets.Add(item, ticket);
        ticket.Start(default);
        return item;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A policy's failure drops the object and is reported; a return throws nothing.")]
    private bool Reset(T item)
    {
        try
        {
            return _policy.Return(item);
        }
        catch (Exception exception)
        {
            _violations.Report(ViolationKind.DestructorThrew, _cache.Name, 0, 0, exception.Message, exception);
            return false;
        }
    }

    private void MakeIdle(T item, PoolTicket<T> ticket)
    {
        ticket.MakeIdle(item);

        // The pool's end may have looked before the object was there; then its end is ours.
        if (_cache.Untyped.IsDisposed && ticket.TakeIdle() is { } late)
            DisposeItem(late);
    }

    private void Drop(T item, PoolTicket<T> ticket)
    {
        _tickets.Remove(item);
        if (ticket.IsPooled)
        {
            // Also when the pool is ending: until its end has shut the threads' caches a get may rent this slot once more.
            _cache.ValueOf(ticket.Handle) = 0;
            _table.Remove(ticket);
        }

        DisposeItem(item);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An object's failure to end is reported; a return throws nothing, and loses no slot.")]
    private void DisposeItem(T item)
    {
        try
        {
            (item as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            _violations.Report(ViolationKind.DestructorThrew, _cache.Name, 0, 0, exception.Message, exception);
        }
    }
}
