using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A bounded LIFO of 32-bit indices that belongs to one thread: what stands in front of a shared structure so that most
/// operations touch nothing shared. The owner pushes and pops without any read-modify-write, under a
/// <see cref="BiasedLatch"/>; <see cref="ThreadStackSet"/> empties it from other threads. It holds no reference to what it
/// serves, so a thread that lives on keeps no pool alive. Beside its items a thread has an outbox of messages for whoever owns what it
/// can't judge itself, and a number by which things can be marked as its own.
/// <code>
///   _items  [ i0 i1 … i(count-1) | free … capacity )        pop and push at count
///   _outbox [ m0 m1 … m(sent-1)  | free … )                 sent one by one, taken and delivered all at once
/// </code>
/// Invariant: an index is in at most one stack, or in the structure behind, or with a user (L8).   [ThreadStackSetTests]
/// </summary>
internal sealed partial class ThreadStack
{
    private readonly uint[] _items;
    private readonly ulong[] _outbox;

    // These three: written by the owner inside its section, or by the revoker inside its own.
    private int _count;
    private int _sent;
    private ulong _ownerId;

    private BiasedLatch _latch;

    public ThreadStack(long setId, int capacity, int outboxCapacity, Thread owner, WeakReference<ThreadStackSet> set, ulong ownerId)
    {
        _ownerId = ownerId;
        SetId = setId;
        Owner = owner;
        Set = set;
        _items = new uint[capacity];
        _outbox = new ulong[outboxCapacity];
    }

    /// <summary>Identity of the set it belongs to; never reused in a process.</summary>
    public long SetId { get; }

    /// <summary>The thread that alone may push and pop.</summary>
    public Thread Owner { get; }

    public WeakReference<ThreadStackSet> Set { get; }

    public int Capacity => _items.Length;

    /// <summary>Items held now. A glance, unless the caller is the owner or a revoker.</summary>
    [Glance("For statistics: any count that there was will do.")]
    public int Count => Math.Max(0, _count);

    /// <summary>Messages that wait to be delivered. A glance, as <see cref="Count"/>.</summary>
    [Glance("For statistics: any count that there was will do.")]
    public int Sent => Math.Max(0, _sent);

    /// <summary>
    /// What things are marked with that belong to this thread: positive, different from every other stack's of the process, and never used again. Whoever
    /// takes a thread's things away gives it another number, and so needs not find them all. For the owner inside its section, and revokers.
    /// </summary>
    public ulong OwnerId => _ownerId;

    /// <summary>Whether an item fits. For the owner inside its section.</summary>
    public bool HasRoom => (uint)_count < (uint)_items.Length;

    /// <summary>Takes the item pushed last. False: empty, or another thread is emptying it. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out uint item)
    {
        if (_latch.TryEnterAsOwner())
        {
            var items = _items;
            var last = _count - 1;
            if ((uint)last < (uint)items.Length)
            {
                item = items[last];
                _count = last;
                _latch.LeaveAsOwner();
                return true;
            }

            _latch.LeaveAsOwner();
        }

        item = 0;
        return false;
    }

    /// <summary>Adds an item. False: full, or another thread is emptying it. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPush(uint item)
    {
        if (!_latch.TryEnterAsOwner())
            return false;
        var pushed = TryPushInside(item);
        _latch.LeaveAsOwner();
        return pushed;
    }

    /// <summary>Begins a section in which no other thread touches the stack or what is marked as its owner's. Short, and nothing in it throws. Owner only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter() => _latch.TryEnterAsOwner();

    /// <summary>Ends the section.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => _latch.LeaveAsOwner();

    /// <summary>Adds an item. False: full. The owner is inside its section.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPushInside(uint item)
    {
        var items = _items;
        var count = _count;
        if ((uint)count >= (uint)items.Length)
            return false;
        items[count] = item;
        _count = count + 1;
        return true;
    }

    /// <summary>Puts a message into the outbox. False: full. The owner is inside its section.</summary>
    public bool TrySendInside(ulong message)
    {
        if (_sent == _outbox.Length)
            return false;
        _outbox[_sent++] = message;
        return true;
    }

    /// <summary>Takes all messages out of the outbox and returns how many there were. Owner only.</summary>
    public int TakeSent(Span<ulong> destination)
    {
        if (!_latch.TryEnterAsOwner())
            return 0;
        var taken = _sent;
        _outbox.AsSpan(0, taken).CopyTo(destination);
        _sent = 0;
        _latch.LeaveAsOwner();
        return taken;
    }

    /// <summary>Adds as many as fit and returns how many that was. Owner only; for refills, which don't count as pushes.</summary>
    public int Refill(ReadOnlySpan<uint> items)
    {
        if (!_latch.TryEnterAsOwner())
            return 0;
        var fitting = Math.Min(items.Length, _items.Length - _count);
        items[..fitting].CopyTo(_items.AsSpan(_count));
        _count += fitting;
        _exchanges++;
        _latch.LeaveAsOwner();
        return fitting;
    }

    /// <summary>Takes up to a number of the items that were pushed first, the coldest, and returns how many. Owner only; for flushes.</summary>
    public int TakeOldest(Span<uint> destination)
    {
        if (!_latch.TryEnterAsOwner())
            return 0;
        var taken = Math.Min(destination.Length, _count);
        _items.AsSpan(0, taken).CopyTo(destination);
        _items.AsSpan(taken, _count - taken).CopyTo(_items);
        _count -= taken;
        _exchanges++;
        _latch.LeaveAsOwner();
        return taken;
    }

    internal void AnnounceRevocation() => _latch.AnnounceRevocation();

    internal void WaitForOwner() => _latch.WaitForOwner(Owner);

    /// <summary>The items, for the revoker, who then calls <see cref="EmptiedByRevoker"/>.</summary>
    internal ReadOnlySpan<uint> ItemsForRevoker => _items.AsSpan(0, _count);

    /// <summary>The messages, likewise.</summary>
    internal ReadOnlySpan<ulong> SentForRevoker => _outbox.AsSpan(0, _sent);

    internal void EmptiedByRevoker() => _count = 0;

    /// <summary>
    /// Forgets the messages and gives the owner another number: nothing is marked as its own any more. By a revoker, who also excludes whoever reads the
    /// number outside the owner's section.
    /// </summary>
    internal void TakenOverByRevoker(ulong nextOwnerId)
    {
        _sent = 0;
        _ownerId = nextOwnerId;
    }

    internal void Restore() => _latch.Restore();
}
