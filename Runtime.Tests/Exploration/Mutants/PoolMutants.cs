using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>What the pools and the runtime's end do, made wrong.</summary>
internal static class PoolMutants
{
    private const string SlabMemoryOwner = "Runtime/Integrations/Pipelines/SlabMemoryOwner.cs";
    private const string PoolPlaces = "Runtime/Integrations/ObjectPooling/PoolPlaces.cs";
    private const string PoolTicket = "Runtime/Integrations/ObjectPooling/PoolTicket.cs";
    private const string PoolTicketTable = "Runtime/Integrations/ObjectPooling/PoolTicketTable.cs";
    private const string SlabFacadePool = "Runtime/Integrations/ObjectPooling/SlabFacadePool.cs";
    private const string SlabObjectPool = "Runtime/Integrations/ObjectPooling/SlabObjectPool.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "block-returned-under-a-pin",
            "A block that is pinned goes back with its last pin, not with the dispose.",
            SlabMemoryOwner,
            """
            if (seen == 0)
                Return
            """,
            """
            if ((seen & AllRetentions) == 0)
                Return
            """,
            "memory-pool-pin-dispose"),
        new(
            "owner-disposed-in-two-steps",
            "Of disposes that race one returns the block.",
            SlabMemoryOwner,
            "if (Atomics.CompareExchange(ref _state, seen | Disposed, seen) == seen)",
            """
            Atomics.StoreRelease(ref _state, seen | Disposed);
            if (seen < Disposed)
            """,
            "memory-pool-racing-disposes"),
        new(
            "last-pin-returns-nothing",
            "The last pin of a disposed owner returns the block.",
            SlabMemoryOwner,
            "if (seen - OnePin == Disposed)",
            "if (seen - OnePin == Disposed + 1)",
            "memory-pool-two-pins-dispose"),
        new(
            "claimed-in-two-steps",
            "Of returns that race one claims the object.",
            PoolTicket,
            "Atomics.CompareExchange(ref _state, seen - Out + InHand, seen) == seen;",
            "(Atomics.Add(ref _state, unchecked(InHand - Out)) & States) != Out;",
            "object-pool-racing-returns"),
        new(
            "idle-taken-in-two-steps",
            "An idle object is given out or ended, not both.",
            PoolTicket,
            """
            if ((seen & States) != Idle || Atomics.CompareExchange(ref _state, seen - Idle + next, seen) != seen)
                return null;
            """,
            """
            if ((seen & States) != Idle)
                return null;
            Atomics.StoreRelease(ref _state, seen - Idle + next);
            """,
            "object-pool-dispose-get"),
        new(
            "claimed-whatever-rent-it-is",
            "A return by a handle claims the rent of that handle, not one that has begun since it looked.",
            PoolTicket,
            "return Handle == handle && TryClaim(seen);",
            "return Handle == handle && TryClaim();",
            "object-pool-stale-returns"),
        new(
            "number-freed-though-the-object-was-got",
            "A trim frees the number of an object that it took, not of one that a get was faster to take.",
            PoolTicketTable,
            """
            if (ticket.TakeIdle() is not { } item)
                continue;
            Atomics.StoreRelease(ref _tickets[number], null);
            _free.Push(number);
            taken.Add(item);
            """,
            """
            var item = ticket.TakeIdle();
            Atomics.StoreRelease(ref _tickets[number], null);
            _free.Push(number);
            if (item is not null)
                taken.Add(item);
            """,
            "object-pool-trim-get"),
        new(
            "number-of-what-was-trimmed-lost",
            "An object that is trimmed away leaves its place to another.",
            PoolTicketTable,
            """
            _free.Push(number);
            taken.Add(item);
            """,
            "taken.Add(item);",
            "object-pool-trim-get"),
        new(
            "slot-looked-up-when-the-object-is-idle",
            "A return gives back the slot that the object had: once it is idle another get may have it with a slot of its own.",
            SlabObjectPool,
            "_cache.TryReturn(handle);",
            "_cache.TryReturn(ticket.Handle);",
            "object-pool-dispose-return-get"),
        new(
            "facade-emptied-before-it-is-claimed",
            "Only the return that has claimed an object may take its slot.",
            SlabFacadePool,
            "public override void Return(TFacade obj) => _objects.Return(obj);",
            "public override void Return(TFacade obj) { if (obj.IsOut) _values.Return(obj.Detach()); _objects.Return(obj); }",
            "facade-pool-double-return"),
        new(
            "facade-keeps-anothers-state",
            "A slot shows what its last user left: whoever gets an object must find zeros.",
            SlabFacadePool,
            "_values.ValueOf(slot) = default;",
            "",
            "facade-pool-gets"),
        new(
            "hint-taken-for-the-truth",
            "An object behind a slot may have been given out by another way.",
            PoolTicket,
            "item = TakeIdle(InHand);",
            "item = IsIdle ? _idle : null; Atomics.StoreRelease(ref _state, Atomics.LoadAcquire(ref _state) & ~States);",
            "object-pool-gets"),
        new(
            "places-ended-in-two-steps",
            "Of two that end the places one tells the calls that wait.",
            PoolPlaces,
            """
            if (Atomics.Exchange(ref _disposed, 1) != 0)
                return;
            """,
            """
            if (Atomics.LoadAcquire(ref _disposed) != 0)
                return;
            Atomics.StoreRelease(ref _disposed, 1);
            """,
            "object-pool-disposed-by-two"),
        new(
            "late-return-not-ended",
            "An object that becomes idle after the pool's end has looked must be ended by whoever returned it.",
            SlabObjectPool,
            "if (_cache.Untyped.IsDisposed && ticket.TakeIdle() is { } late)",
            "if (ticket.Number == 0 && ticket.TakeIdle() is { } late)",
            "object-pool-dispose-return"),
        new(
            "idle-taken-before-the-cache-is-disposed",
            "The pool's end shuts the way first and then takes what is idle: the other way round a return in between is missed.",
            SlabObjectPool,
            """
            _cache.Dispose();
            foreach (var item in _table.TakeIdle())
                DisposeItem(item);
            """,
            """
            foreach (var item in _table.TakeIdle())
                DisposeItem(item);
            _cache.Dispose();
            """,
            "object-pool-dispose-return"),
    ];
}
