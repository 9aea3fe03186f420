using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// An <see cref="ObjectPool{T}"/> whose returns are checked: an object returned twice, or one that the pool never gave, is
/// refused, counted and reported, where the usual pools would hand it to two users. Nothing is thrown from a return. Thread-safe.
/// <code>
///   object ─(weak table)─► watch ─► ticket ─► handle of an exclusive 8-byte slot, whose content is a ticket's number
///   Get:    rent a slot; the ticket it names is idle: its object. If not, any idle one; else a new one
///   Return: claim the ticket; reset; make it idle; return the slot
/// </code>
/// Idle objects so follow the slots: each thread finds those it returned last, and others' when it has none. What a slot names is a hint: only the ticket's own word says whether its
/// object is idle. A return by an earlier user of an object that somebody else has got since can't be told from theirs, because a plain object reference carries no generation: whoever needs that told keeps the
/// handle with the object (<see cref="TryGetHandle"/>, <see cref="TryReturn"/>).
/// <para>
/// A bounded pool (<see cref="SlabObjectPoolOptions.IsBounded"/>) has as many places as it keeps objects, and whoever holds an object holds a place; places are
/// handed to waiting calls in the order in which these came.
/// </para>
/// </summary>
/// <typeparam name="T">Type of the pooled objects.</typeparam>
public sealed partial class SlabObjectPool<T> : ObjectPool<T>, IStatisticsSource<SlabObjectPoolStatistics>, IDisposable
    where T : class
{
    // Idle objects elsewhere that are looked for before another is made; a bounded pool looks at all.
    private const uint TicketsLookedAt = 64;

    private readonly ConditionalWeakTable<T, PoolTicketWatch<T>> _watches = [];
    private readonly WeakReference<SlabObjectPool<T>> _self;
    private readonly PoolTicketTable<T> _table;
    private readonly StripedCounter _created = new();
    private readonly StripedCounter _unpooledEnded = new();
    private readonly StripedCounter _dropped = new();
    private readonly StripedCounter _lost = new();
    private readonly IPooledObjectPolicy<T> _policy;
    private readonly SlabCache<ulong> _cache;
    private readonly ViolationLog _violations;
    private readonly StatisticsRegister<SlabObjectPoolStatistics> _register;
    private readonly uint _lastGeneration;

    internal SlabObjectPool(
        SlabCache<ulong> cache, GenerationSpace generations, ViolationLog violations, IPooledObjectPolicy<T> policy, SlabObjectPoolOptions options,
        StatisticsRegister<SlabObjectPoolStatistics> register, CancellationToken runtimeEnd)
    {
        _self = new WeakReference<SlabObjectPool<T>>(this);
        _lastGeneration = generations.Last;
        _cache = cache;
        _violations = violations;
        _policy = policy;
        MaximumRetained = options.EffectiveMaximumRetained;
        MinimumRetained = options.MinimumRetained;
        _table = new PoolTicketTable<T>(MaximumRetained);
        if (options.IsBounded)
            _places = new PoolPlaces(MaximumRetained, runtimeEnd);
        _register = register;
        register.Add(this);
        cache.Untyped.StandFor(this);
    }

    /// <summary>Most objects that the pool keeps; if it is bounded, most that there are.</summary>
    public int MaximumRetained { get; }

    /// <summary>Objects handed out beyond the most that are retained, or without memory for a slot: made new, and dropped when returned.</summary>
    public long UnpooledCount => Cache.Fallbacks.Value;

    /// <summary>The cache whose slots stand for the pooled objects.</summary>
    public SlabCache Cache => _cache.Untyped;

    /// <summary>What the pool holds now, and has done. Looks at every ticket.</summary>
    public SlabObjectPoolStatistics Statistics()
    {
        var (idle, pooledOut) = _table.Count();
        return new SlabObjectPoolStatistics
        {
            Name = _cache.Name,
            MaximumRetained = MaximumRetained,
            Idle = idle,
            Out = pooledOut + UnpooledCount - _unpooledEnded.Value,
            Waiting = _places?.Waiting ?? 0,
            Created = _created.Value,
            Unpooled = Cache.Fallbacks.Value,
            Dropped = _dropped.Value,
            Trimmed = _trimmed.Value,
            Lost = _lost.Value,
            Rejected = _places?.Rejected ?? 0,
        };
    }

    /// <summary>Gives an object back. What the policy refuses is dropped, and disposed if it is disposable.</summary>
    /// <param name="obj">What <see cref="Get"/> gave. Anything else is refused, reported and left alone.</param>
    public override void Return(T obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (!_watches.TryGetValue(obj, out var watch))
            ReportForeign();
        else if (!watch.Ticket.TryClaim())
            ReportDouble(watch.Ticket.Handle);
        else
            TakeBack(obj, watch);
    }

    /// <summary>Takes no more gets, and waiting ones fail; idle disposable objects are disposed now, others when they are returned.</summary>
    public void Dispose()
    {
        _register.Remove(this);
        _cache.Dispose();
        foreach (var item in _table.TakeIdle())
            DisposeItem(item);
        _places?.Dispose();
    }

    /// <summary>The object of this ticket is garbage, and nobody returned it. On the finalizer's thread.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An exception here would end the process; it is reported.")]
    internal void TakeBackLost(PoolTicket<T> ticket)
    {
        if (!ticket.TryClaim())
            return;
        try
        {
            _lost.Add();
            if (ticket.IsPooled)
                Cache.Tracks?.Lost(ticket.Handle.Index, ticket.Handle.Generation);
            Forget(ticket);
            if (ticket.IsPooled)
                _cache.TryReturn(ticket.Handle);
            _places?.Leave();
        }
        catch (Exception exception)
        {
            _violations.Report(ViolationKind.DestructorThrew, _cache.Name, 0, 0, exception.Message, exception);
        }
    }

    // The caller has claimed the ticket.
    private void TakeBack(T item, PoolTicketWatch<T> watch)
    {
        // Before the object is idle: from then on the ticket, with another slot, may be somebody else's.
        var ticket = watch.Ticket;
        var handle = ticket.Handle;

        // A slot in its last generation retires with this return, and could not lead to the object again.
        if (Reset(item) && ticket.IsPooled && !_cache.Untyped.IsDisposed && handle.Generation != _lastGeneration)
            MakeIdle(item, ticket);
        else
            Drop(item, watch);
        if (ticket.IsPooled)
            _cache.TryReturn(handle);
        _places?.Leave();
    }

    private void ReportForeign() => _violations.Report(ViolationKind.ForeignHandle, _cache.Name, 0, 0, "an object that this pool did not give was returned");

    private void ReportDouble(SlabHandle<ulong> handle) =>
        _violations.Report(ViolationKind.DoubleReturn, _cache.Name, handle.Index, handle.Generation, "an object was returned to its pool twice");

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

    private void Drop(T item, PoolTicketWatch<T> watch)
    {
        Unwatch(item, watch);
        _dropped.Add();
        Forget(watch.Ticket);
        DisposeItem(item);
    }

    private void Unwatch(T item, PoolTicketWatch<T> watch)
    {
        _watches.Remove(item);
        watch.Dispose();
    }

    // The ticket is in hand, and stays so for ever.
    private void Forget(PoolTicket<T> ticket)
    {
        if (ticket.IsPooled)
        {
            // Also when the pool is ending: until its end has shut the threads' caches a get may rent this slot once more.
            _cache.ValueOf(ticket.Handle) = 0;
            _table.Remove(ticket);
        }
        else
        {
            _unpooledEnded.Add();
        }
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
