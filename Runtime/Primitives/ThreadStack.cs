using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// A bounded LIFO of 32-bit indices that belongs to one thread: what stands in front of a shared structure so that most
/// operations touch nothing shared. The owner pushes and pops without any read-modify-write, under a
/// <see cref="BiasedLatch"/>; <see cref="ThreadStackSet"/> empties it from other threads. It holds no reference to what it
/// serves, so a thread that lives on keeps no pool alive.
/// <code>
///   _items [ i0 i1 … i(count-1) | free … capacity )        pop and push at count
/// </code>
/// Invariant: an index is in at most one stack, or in the structure behind, or with a user (L8).   [ThreadStackSetTests]
/// </summary>
internal sealed partial class ThreadStack
{
    private readonly uint[] _items;

    // Written by the owner inside its section, or by the revoker inside its own.
    private int _count;

    [Glance("Only counts: the owner alone adds, and a reader may be a step behind.")]
    private long _popped;

    [Glance("Only counts, as above.")]
    private long _pushed;

    private BiasedLatch _latch;

    public ThreadStack(long setId, int capacity, Thread owner, WeakReference<ThreadStackSet> set)
    {
        SetId = setId;
        Owner = owner;
        Set = set;
        _items = new uint[capacity];
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

    /// <summary>Items popped by the owner in all. A glance unless the owner is quiet; never decreases.</summary>
    public long Popped => Atomics.LoadAcquire(ref _popped);

    /// <summary>Items pushed by the owner in all, refills and flushes not counted.</summary>
    public long Pushed => Atomics.LoadAcquire(ref _pushed);

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
                _popped++;
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
        if (_latch.TryEnterAsOwner())
        {
            var items = _items;
            var count = _count;
            if ((uint)count < (uint)items.Length)
            {
                items[count] = item;
                _count = count + 1;
                _pushed++;
                _latch.LeaveAsOwner();
                return true;
            }

            _latch.LeaveAsOwner();
        }

        return false;
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

    internal void EmptiedByRevoker() => _count = 0;

    internal void Restore() => _latch.Restore();
}
