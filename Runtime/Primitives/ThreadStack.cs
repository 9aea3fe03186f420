using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A bounded LIFO of 32-bit indices that belongs to one thread: what stands in front of a shared structure so that most
/// operations touch nothing shared. The owner pushes and pops without any read-modify-write, under a
/// <see cref="BiasedLatch"/>; <see cref="ThreadStackSet"/> empties it from other threads. It holds no reference to what it
/// serves, so a thread that lives on keeps no pool alive. Beside its items a thread has an outbox of messages for whoever owns what it
/// can't judge itself, and a number by which things can be marked as its own. The value only says where the stack is (<see cref="ThreadStackBlock"/>): its set must be
/// kept alive past the last use of it. The default is none.
/// Invariant: an index is in at most one stack, or in the structure behind, or with a user (L8).   [ThreadStackSetTests]
/// </summary>
internal readonly unsafe partial struct ThreadStack(ThreadStackBlock* block) : IEquatable<ThreadStack>
{
    /// <summary>No item is this.</summary>
    public const uint None = uint.MaxValue;

    private readonly ThreadStackBlock* _block = block;

    /// <summary>Whether there is one.</summary>
    public bool Exists => _block != null;

    /// <summary>Where it is, for tables.</summary>
    public nint Address => (nint)_block;

    public int Capacity => _block->Capacity;

    /// <summary>Items held now. A glance, unless the caller is the owner or a revoker.</summary>
    [Glance("For statistics: any count that there was will do.")]
    public int Count => (ushort)_block->Tally;

    /// <summary>Messages that wait to be delivered. A glance, as <see cref="Count"/>.</summary>
    [Glance("For statistics: any count that there was will do.")]
    public int Sent => Math.Max(0, _block->Sent);

    /// <summary>
    /// What things are marked with that belong to this thread: positive, different from every other stack's of the process, and never used again. Whoever
    /// takes a thread's things away gives it another number, and so needs not find them all. For the owner inside its section, and revokers.
    /// </summary>
    public ulong OwnerId => _block->OwnerId;

    /// <summary>Items held, for the owner inside its section: to be looked at once in it and handed on, so that nothing is loaded twice.</summary>
    public nuint CountInside
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CountOf(_block);
    }

    /// <summary>A new one, empty, whose owner has no number yet. <see cref="Free"/> it.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory left.</exception>
    public static ThreadStack Allocate(int capacity, int room, int outboxCapacity) => new(ThreadStackBlock.Allocate(capacity, room, outboxCapacity));

    /// <summary>Takes the item pushed last. False: empty, or another thread is emptying it. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out uint item)
    {
        if (TryEnter())
        {
            var count = CountInside;
            if (count != 0)
            {
                item = (uint)PopInside(count);
                Leave();
                return true;
            }

            Leave();
        }

        item = None;
        return false;
    }

    /// <summary>Adds an item. False: full, or another thread is emptying it. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPush(uint item)
    {
        if (!TryEnter())
            return false;
        var count = CountInside;
        if (HasRoomFor(count))
        {
            PushInside(count, item);
            Leave();
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Begins a section in which no other thread touches the stack or what is marked as its owner's. Short, and nothing in it throws. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter() => BiasedLatch.TryEnterAsOwner(&_block->Latch);

    /// <summary>Ends the section.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => BiasedLatch.LeaveAsOwner(&_block->Latch);

    /// <summary>Whether an item fits beside so many. The owner is inside its section.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoomFor(nuint count) => count < (uint)_block->Capacity;

    /// <summary>Takes the item pushed last. The owner is inside its section, and has looked how many there are: at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint PopInside(nuint count)
    {
        Invariant.Check(count == CountInside && count != 0, "what is popped is there");
        nuint item = (ThreadStackBlock.Items(_block) - 1)[count];
        _block->Tally = _block->Tally + StackTally.Pop;
        return item;
    }

    /// <summary>Adds an item. The owner is inside its section, and has looked how many there are: fewer than fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PushInside(nuint count, uint item)
    {
        Invariant.Check(count == CountInside && HasRoomFor(count), "what is pushed fits");
        ThreadStackBlock.Items(_block)[count] = item;
        _block->Tally = _block->Tally + StackTally.Push;
    }

    /// <summary>Takes up to a number of the items pushed last, which stay readable until the owner pushes again. The owner is inside its section.</summary>
    public ReadOnlySpan<uint> PopManyInside(int most)
    {
        var items = ItemsForRevoker;
        items = items[Math.Max(0, items.Length - most)..];
        _block->Tally += StackTally.Pop * (ulong)items.Length;
        return items;
    }

    /// <summary>Puts a message into the outbox. False: full. The owner is inside its section.</summary>
    public bool TrySendInside(ulong message)
    {
        if (_block->Sent == _block->OutboxCapacity)
            return false;
        ThreadStackBlock.Outbox(_block)[_block->Sent++] = message;
        return true;
    }

    /// <summary>Takes all messages out of the outbox and returns how many there were. Owner only.</summary>
    public int TakeSent(Span<ulong> destination)
    {
        if (!TryEnter())
            return 0;
        var taken = _block->Sent;
        SentForRevoker.CopyTo(destination);
        _block->Sent = 0;
        Leave();
        return taken;
    }

    /// <summary>Adds as many as fit and returns how many that was. Owner only; for refills, which don't count as pushes.</summary>
    public int Refill(ReadOnlySpan<uint> items)
    {
        if (!TryEnter())
            return 0;
        var count = (int)CountOf(_block);
        var fitting = Math.Min(items.Length, Capacity - count);
        items[..fitting].CopyTo(Places[count..]);
        MoveIn(fitting);
        Turn(flushes: false);
        Leave();
        return fitting;
    }

    /// <summary>Takes up to a number of the items that were pushed first, the coldest, and returns how many. Owner only; for flushes.</summary>
    public int TakeOldest(Span<uint> destination)
    {
        if (!TryEnter())
            return 0;
        var items = ItemsForRevoker;
        var taken = Math.Min(destination.Length, items.Length);
        items[..taken].CopyTo(destination);

        // The count first: a thread that ends in between takes as many items with it as it has in its hands, and leaves none twice.
        MoveOut(taken);
        items[taken..].CopyTo(Places);
        Turn(flushes: true);
        Leave();
        return taken;
    }

    internal void AnnounceRevocation() => _block->Latch.AnnounceRevocation();

    internal void WaitForOwner(Thread owner) => _block->Latch.WaitForOwner(owner);

    /// <summary>The items, for the revoker, who then calls <see cref="EmptiedByRevoker"/>.</summary>
    internal ReadOnlySpan<uint> ItemsForRevoker => Places[..(int)CountOf(_block)];

    /// <summary>The messages, likewise.</summary>
    internal ReadOnlySpan<ulong> SentForRevoker => new(ThreadStackBlock.Outbox(_block), _block->Sent);

    private Span<uint> Places => new(ThreadStackBlock.Items(_block), Capacity);

    internal void EmptiedByRevoker() => MoveOut((int)CountOf(_block));

    /// <summary>
    /// Forgets the messages and gives the owner another number: nothing is marked as its own any more. By a revoker, who also excludes whoever reads the
    /// number outside the owner's section.
    /// </summary>
    internal void TakenOverByRevoker(ulong nextOwnerId)
    {
        _block->Sent = 0;
        _block->OwnerId = nextOwnerId;
    }

    internal void Restore() => _block->Latch.Restore();

    /// <summary>Gives its memory back.</summary>
    internal void Free() => ThreadStackBlock.Free(_block);

    public bool Equals(ThreadStack other) => _block == other._block;

    public override bool Equals(object? obj) => obj is ThreadStack other && Equals(other);

    public override int GetHashCode() => Address.GetHashCode();
}
