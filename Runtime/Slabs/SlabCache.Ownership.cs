using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>Returns where threads own slabs: on the owner's thread without any read-modify-write, elsewhere as messages, in batches.</content>
public sealed partial class SlabCache
{
    /// <summary>Ends a life in a slab of the calling thread, which is inside its stack's section, and pushes the slot. False: as above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEndOwnInside(ThreadStack stack, nuint index, ulong generation)
    {
        ref var word = ref _tables.SlotWord(index);

        // The word before the owner: who sees a life that another owner began sees that owner. And only then is the word this thread's to write (L1).
        if (Lifetime.Load(ref word).Bits != (_hold | generation)
            || Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabOwner) != stack.OwnerId
            || generation == _generations.Last)
        {
            return false;
        }

        var count = stack.CountInside;
        if (!stack.HasRoomFor(count))
            return false;

        // Ended before it is free: a thread that ends between the two takes one slot with it, and leaves none behind that is free and held.
        Lifetime.EndAsWriter(ref word, generation);
        stack.PushInside(count, (uint)index);
        return true;
    }

    /// <summary>The other returns: room is made, or the handle is sent to whoever may judge it, at once or with others.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReturnOutcome ReturnToOwner(uint index, uint generation, LifetimeWord seen)
    {
        // What isn't held in this generation now never will be again.
        if (!seen.IsHeldExclusivelyAt(generation))
            return seen.Generation == generation ? ReturnOutcome.NotOwned : ReturnOutcome.Stale;
        var stack = StackOrNone();
        var handle = new SlabHandle(index, generation);
        if (stack.Exists && stack.TryEnter())
        {
            var isOwn = Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabOwner) == stack.OwnerId;
            var isSent = !isOwn && stack.TrySendInside(handle.ToUInt64());
            stack.Leave();
            GC.KeepAlive(this);
            if (isSent)
                return ReturnOutcome.MustDestroy;
            if (isOwn && stack.Count == stack.Capacity)
            {
                Flush(stack);
                if (ReturnOwnMany([handle]) == 1)
                    return ReturnOutcome.MustDestroy;
            }
        }

        // Which also keeps the cache alive, and so the stack.
        return Deliver(stack, handle) ? ReturnOutcome.MustDestroy : ReturnOutcome.Stale;
    }

    // A thread that returns first and finds the system without memory for its stack owns nothing here: what it returns is delivered or judged alone.
    private ThreadStack StackOrNone()
    {
        try
        {
            return _stacks.Current;
        }
        catch (OutOfMemoryException)
        {
            return default;
        }
    }

    private bool Deliver(ThreadStack stack, SlabHandle last)
    {
        Span<ulong> sent = stackalloc ulong[LargestOutbox];
        var delivered = _store.TryDeliver(stack, sent[..(stack.Exists ? stack.TakeSent(sent) : 0)], last, out var isOverfull);
        if (isOverfull)
            DrainStacks();
        if (IsDisposed)
            ForgetIfGone();
        GC.KeepAlive(this);
        return delivered;
    }

    private void DrainStacks() => _stacks.DrainAll(_store.GiveQuietly);
}
