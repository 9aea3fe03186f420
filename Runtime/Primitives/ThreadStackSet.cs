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
internal sealed unsafe partial class ThreadStackSet
{
    private const int FewestBetweenScans = 16;
    private const int MostSpare = 16;

    // An owner's number is its set's identity and, in this many bits, how many the set gave out before: at 500 takeovers a second enough for four years.
    private const int OwnerBits = 36;

    private static long s_nextId;

    private readonly long _id;

    // Under the latch, or by the finalizer, which does nothing unless there is an entry: so these come before it.
    private readonly List<Member> _stacks = [];
    private readonly Dictionary<ThreadStack, ThreadStackLook> _allocated = [];

    private readonly nint _entry = ThreadStackSlots.Take();
    private readonly int _largestCapacity;
    private readonly int _outboxCapacity;
    private readonly ThreadStackSink _returnToStructure;
    private readonly ThreadStackTakeover? _takeover;
    private readonly Latch _latch = new();
    private readonly WeakReference<ThreadStackSet> _self;

    // Under the latch.
    private readonly Stack<ThreadStack> _spare = [];
    private ThreadStack _shut;
    private int _scanAt = FewestBetweenScans;
    private ulong _ownersNumbered;
    private bool _closed;

    /// <param name="capacity">Items a stack may hold; 0: stacks are always empty and always full.</param>
    /// <param name="returnToStructure">Takes the items of threads that have ended.</param>
    /// <param name="outboxCapacity">Messages a thread may have waiting.</param>
    /// <param name="takeover">Called for each stack that is emptied, after its items were taken.</param>
    /// <param name="depot">Through which threads exchange items; none: through the structure only.</param>
    /// <param name="largestCapacity">Up to which a stack grows whose thread flushes and refills it in turn.</param>
    /// <param name="numbersOwners">Whether things are marked as a thread's own; if not, all have the number 0.</param>
    public ThreadStackSet(int capacity, ThreadStackSink returnToStructure, int outboxCapacity = 0, ThreadStackTakeover? takeover = null, DepotPlan depot = default, bool numbersOwners = true, int largestCapacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(outboxCapacity);
        _id = numbersOwners ? Atomics.Add(ref s_nextId, 1) : 0;
        _capacity = capacity;
        _largestCapacity = Math.Max(Math.Max(capacity, largestCapacity), depot.LargestCapacity);
        _depotPlan = depot;
        _outboxCapacity = outboxCapacity;
        _takeover = takeover;
        _returnToStructure = returnToStructure;
        _self = new WeakReference<ThreadStackSet>(this);
    }

    ~ThreadStackSet()
    {
        if (_entry == 0)
            return;

        // Nobody works with a stack of a set that is gone, and before the entry is another set's no thread has one there.
        foreach (var member in _stacks)
            member.Table.Forget(_entry);
        foreach (var stack in _allocated.Keys)
            stack.Free();
        ThreadStackSlots.GiveBack((int)_entry);
    }

    /// <summary>The calling thread's stack. After <see cref="Close"/>, one that is shut. The caller keeps the set alive past the last use of it.</summary>
    public ThreadStack Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var stack = Find();
            return stack.Exists ? stack : Register();
        }
    }

    /// <summary>Where the threads' tables have their stacks of this set: for callers that keep it by value and so find the stack a load sooner (<see cref="ThreadTable.Find"/>).</summary>
    public nint Entry => _entry;

    /// <summary>As <see cref="Current"/>, but none if the thread has none yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ThreadStack Find() => ThreadTable.Find(_entry);

    /// <summary>Stacks that threads have, or had and nobody has taken in yet.</summary>
    public long StackCount => Sum(static _ => 1);

    /// <summary>Items in all stacks. A glance unless every thread is quiet.</summary>
    public long CachedCount => Sum(static stack => stack.Count);

    /// <summary>Messages in all outboxes. A glance, likewise.</summary>
    public long SentCount => Sum(static stack => stack.Sent);

    /// <summary>Empties every thread's stack, and the depot, into the sink. Threads that push or pop meanwhile are told "full" and "empty".</summary>
    public void DrainAll(ThreadStackSink sink)
    {
        using (_latch.Hold())
        {
            DrainUnsynchronized(_stacks, sink, reopen: !_closed);
            Depot?.Drain(sink);
            _ = UpdateTotalsUnsynchronized();
        }
    }

    /// <summary>Empties the stacks of threads that have ended, and forgets them. True: there was one.</summary>
    public bool DrainEnded()
    {
        using (_latch.Hold())
        {
            var before = _stacks.Count;
            DrainEndedUnsynchronized();
            return _stacks.Count < before;
        }
    }

    /// <summary>Empties every stack and the depot, and shuts them, for good or until <see cref="Reopen"/>.</summary>
    public void Close(ThreadStackSink sink)
    {
        using (_latch.Hold())
        {
            _closed = true;
            DrainUnsynchronized(_stacks, sink, reopen: false);
            Depot?.Close(sink);
        }
    }

    /// <summary>Undoes <see cref="Close"/>, of a set without a depot: every owner gets in again, and sees what was written meanwhile.</summary>
    public void Reopen()
    {
        Invariant.Check(_depotPlan.Magazines == 0, "a depot that was closed stays closed");
        using (_latch.Hold())
        {
            _closed = false;
            foreach (var member in _stacks)
                member.Stack.Restore();

            // Of threads that ended while the set was closed.
            foreach (var spare in _spare)
                spare.Restore();
            GC.KeepAlive(this);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ThreadStack Register()
    {
        var table = ThreadExit.Table;
        using (_latch.Hold())
        {
            if (_closed)
            {
                // One for all: nobody ever gets in.
                if (!_shut.Exists)
                {
                    _shut = NewStack();
                    _shut.AnnounceRevocation();
                }

                return _shut;
            }

            // Amortised: scanned only when the number has doubled since the last scan.
            if (_stacks.Count >= _scanAt)
            {
                DrainEndedUnsynchronized();
                _scanAt = Math.Max(FewestBetweenScans, 2 * _stacks.Count);
            }

            // What may fail comes first.
            table.MakeRoom(_entry);
            _stacks.EnsureCapacity(_stacks.Count + 1);
            OpenDepotUnsynchronized();
            var stack = _spare.TryPop(out var spare) ? spare : NewStack();
            _stacks.Add(new Member(stack, Thread.CurrentThread, table));
            table.Enter(_entry, stack, _self);
            return stack;
        }
    }

    private ThreadStack NewStack()
    {
        _allocated.EnsureCapacity(_allocated.Count + 1);
        var stack = ThreadStack.Allocate(_capacity, _largestCapacity, _outboxCapacity);
        stack.TakenOverByRevoker(NextOwnerId());
        _allocated.Add(stack, new ThreadStackLook());
        return stack;
    }

    /// <summary>Keeps the stack of a thread that has ended for another thread, or gives its memory back if there are enough. It has been emptied and has a new number.</summary>
    private void PutAside(ThreadStack stack)
    {
        if (_spare.Count < MostSpare)
            _spare.Push(stack);
        else
            FreeUnsynchronized(stack);
    }

    private void DrainUnsynchronized(List<Member> members, ThreadStackSink sink, bool reopen)
    {
        foreach (var member in members)
            member.Stack.AnnounceRevocation();
        Atomics.ProcessWideBarrier();
        try
        {
            foreach (var member in members)
            {
                member.Stack.WaitForOwner(member.Owner);
                Empty(member.Stack, sink);
            }
        }
        finally
        {
            // Also when a sink throws: its stack keeps its items, and every owner gets in again.
            foreach (var member in members)
            {
                if (reopen)
                    member.Stack.Restore();
            }

            // Who drains may hold nothing else of the set, and its end frees the stacks.
            GC.KeepAlive(this);
        }
    }

    private void DrainEndedUnsynchronized()
    {
        for (var i = _stacks.Count - 1; i >= 0; i--)
        {
            var (stack, owner, table) = _stacks[i];

            // Ended means that no managed code of the thread runs again, so its last writes are visible: IsAlive synchronises with the exit.
            if (Atomics.IsAlive(owner))
                continue;
            Empty(stack, _returnToStructure);
            _stacks[i] = _stacks[^1];
            _stacks.RemoveAt(_stacks.Count - 1);
            table.Forget(_entry);
            PutAside(stack);
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
        if (_id == 0)
            return 0;
        _ownersNumbered++;
        Invariant.Require(_id < 1L << (64 - OwnerBits) && _ownersNumbered < 1ul << OwnerBits, "an owner's number is used once");
        return ((ulong)_id << OwnerBits) | _ownersNumbered;
    }

    private long Sum(Func<ThreadStack, long> part)
    {
        using (_latch.Hold())
        {
            var sum = 0L;
            foreach (var member in _stacks)
                sum += part(member.Stack);
            GC.KeepAlive(this);
            return sum;
        }
    }

    /// <summary>A thread's stack, and the table in which the thread finds it.</summary>
    private readonly record struct Member(ThreadStack Stack, Thread Owner, ThreadTable Table);
}
