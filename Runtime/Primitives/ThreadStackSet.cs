using System.Runtime.CompilerServices;

namespace FolioRuntime.Primitives;

/// <summary>Receives the items taken out of threads' stacks. Called under the set's latch; takes no stack operation itself.</summary>
internal delegate void ThreadStackSink(ReadOnlySpan<uint> items);

/// <summary>
/// Takes over what a thread has beside its items, messages and what is marked as its own, and gives it its next number (<see cref="ThreadStack.TakenOverByRevoker"/>).
/// Called under the set's latch, with the thread shut out or ended.
/// </summary>
internal delegate void ThreadStackTakeover(ThreadStack stack, ulong nextOwnerId);

/// <summary>
/// The stacks, one a thread, in front of one structure. Finds the calling thread's with one thread-static access, and lets
/// anyone empty all of them, or those of threads that have ended, or close them for good.
/// Threads that end: the set keeps the stack and the <see cref="Thread"/>, and once that is no longer alive whoever
/// drains takes its items; a finalizer of an object that only the thread held does so even when nobody drains.
/// Latches: the set's own, then whatever the sink takes.
/// </summary>
internal sealed partial class ThreadStackSet
{
    private const int FewestBetweenScans = 16;

    // An owner's number is its set's identity and, in this many bits, how many the set gave out before: at 500 takeovers a second enough for four years.
    private const int OwnerBits = 36;

    // The thread's stacks by the slot of their set: an entry may be that of an earlier set which had the slot.
    [ThreadStatic]
    private static ThreadStack?[]? s_stacks;

    // Holds the same array, for when the thread has ended.
    [ThreadStatic]
    private static ThreadExit? s_exit;

    private static long s_nextId;

    private readonly long _id = Atomics.Add(ref s_nextId, 1);
    private readonly int _slot = ThreadStackSlots.Take();
    private readonly int _capacity;
    private readonly int _outboxCapacity;
    private readonly ThreadStackSink _returnToStructure;
    private readonly ThreadStackTakeover? _takeover;
    private readonly Latch _latch = new();
    private readonly List<ThreadStack> _stacks = [];
    private readonly WeakReference<ThreadStackSet> _self;

    // Under the latch.
    private int _scanAt = FewestBetweenScans;
    private ulong _ownersNumbered;
    private bool _closed;

    /// <param name="capacity">Items a stack may hold; 0: stacks are always empty and always full.</param>
    /// <param name="returnToStructure">Takes the items of threads that have ended.</param>
    /// <param name="outboxCapacity">Messages a thread may have waiting.</param>
    /// <param name="takeover">Called for each stack that is emptied, after its items were taken.</param>
    public ThreadStackSet(int capacity, ThreadStackSink returnToStructure, int outboxCapacity = 0, ThreadStackTakeover? takeover = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(outboxCapacity);
        _capacity = capacity;
        _outboxCapacity = outboxCapacity;
        _takeover = takeover;
        _returnToStructure = returnToStructure;
        _self = new WeakReference<ThreadStackSet>(this);
    }

    ~ThreadStackSet() => ThreadStackSlots.GiveBack(_slot);

    /// <summary>The calling thread's stack. After <see cref="Close"/>, one that is shut.</summary>
    public ThreadStack Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var stacks = s_stacks;
            return stacks is not null && (uint)_slot < (uint)stacks.Length && stacks[_slot] is { } stack && stack.SetId == _id
                ? stack
                : Register();
        }
    }

    /// <summary>Items in all stacks. A glance unless every thread is quiet.</summary>
    public long CachedCount => Sum(static stack => stack.Count);

    /// <summary>Messages in all outboxes. A glance, likewise.</summary>
    public long SentCount => Sum(static stack => stack.Sent);

    /// <summary>Empties every thread's stack into the sink. Threads that push or pop meanwhile are told "full" and "empty".</summary>
    public void DrainAll(ThreadStackSink sink)
    {
        using (_latch.Hold())
            DrainUnsynchronized(_stacks, sink, reopen: !_closed);
    }

    /// <summary>Empties the stacks of threads that have ended, and forgets them.</summary>
    public void DrainEnded()
    {
        using (_latch.Hold())
            DrainEndedUnsynchronized();
    }

    /// <summary>Empties every stack and shuts them for good.</summary>
    public void Close(ThreadStackSink sink)
    {
        using (_latch.Hold())
        {
            _closed = true;
            DrainUnsynchronized(_stacks, sink, reopen: false);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ThreadStack Register()
    {
        if (s_stacks is not { } stacks || stacks.Length <= _slot)
        {
            stacks = new ThreadStack?[Math.Max(_slot + 1, 2 * (s_stacks?.Length ?? 4))];
            s_stacks?.CopyTo(stacks, 0);
            s_stacks = stacks;
            (s_exit ??= new ThreadExit()).Stacks = stacks;
        }

        using (_latch.Hold())
        {
            var stack = new ThreadStack(_id, _capacity, _outboxCapacity, Thread.CurrentThread, _self, NextOwnerId());
            if (_closed)
            {
                stack.AnnounceRevocation();
            }
            else
            {
                // Amortised: scanned only when the number has doubled since the last scan.
                if (_stacks.Count >= _scanAt)
                {
                    DrainEndedUnsynchronized();
                    _scanAt = Math.Max(FewestBetweenScans, 2 * _stacks.Count);
                }

                _stacks.Add(stack);
            }

            stacks[_slot] = stack;
            return stack;
        }
    }

    private void DrainUnsynchronized(List<ThreadStack> stacks, ThreadStackSink sink, bool reopen)
    {
        foreach (var stack in stacks)
            stack.AnnounceRevocation();
        Atomics.ProcessWideBarrier();
        try
        {
            foreach (var stack in stacks)
            {
                stack.WaitForOwner();
                Empty(stack, sink);
            }
        }
        finally
        {
            // Also when a sink throws: its stack keeps its items, and every owner gets in again.
            foreach (var stack in stacks)
            {
                if (reopen)
                    stack.Restore();
            }
        }
    }

    private void DrainEndedUnsynchronized()
    {
        for (var i = _stacks.Count - 1; i >= 0; i--)
        {
            var stack = _stacks[i];

            // Ended means that no managed code of the thread runs again, so its last writes are visible: IsAlive synchronises with the exit.
            if (Atomics.IsAlive(stack.Owner))
                continue;
            Empty(stack, _returnToStructure);
            _stacks[i] = _stacks[^1];
            _stacks.RemoveAt(_stacks.Count - 1);
        }
    }

    private void Empty(ThreadStack stack, ThreadStackSink sink)
    {
        if (!stack.ItemsForRevoker.IsEmpty)
        {
            sink(stack.ItemsForRevoker);
            stack.EmptiedByRevoker();
        }

        _takeover?.Invoke(stack, NextOwnerId());
    }

    private ulong NextOwnerId()
    {
        _ownersNumbered++;
        Invariant.Require(_id < 1L << (64 - OwnerBits) && _ownersNumbered < 1ul << OwnerBits, "an owner's number is used once");
        return ((ulong)_id << OwnerBits) | _ownersNumbered;
    }

    private long Sum(Func<ThreadStack, long> part)
    {
        using (_latch.Hold())
        {
            var sum = 0L;
            foreach (var stack in _stacks)
                sum += part(stack);
            return sum;
        }
    }
}
