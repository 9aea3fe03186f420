using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>What happens when the thread's stack doesn't have it, and when something is wrong.</content>
public sealed partial class SlabCache
{
    private const int LargestBatch = 128;
    private const int LargestOutbox = 32;

    // No slot has this index: there are fewer than 2^32 of them.
    private const uint NoSlot = ThreadStack.None;

    /// <summary>
    /// A rent. As every fast path here it finds the stack first, which is a call to the compiler, and calls nothing after that, so that all it knows stays in registers; and it leaves where it has
    /// what it wants, since a compiler that joins its branches asks again which of them it took.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SlabHandle RentOr(bool throws)
    {
        var stack = ThreadTable.Find(_unpreparedEntry);
        if (stack.Exists && stack.TryEnter())
        {
            var count = stack.CountInside;
            if (count != 0)
            {
                var index = stack.PopInside(count);
                stack.Leave();
                return Begin(index);
            }

            stack.Leave();
        }

        return throws ? RentSlowlyOrThrow() : RentSlowly();
    }

    /// <summary>Pops a slot that needs no preparation. False: there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryPopSlot(out uint index)
    {
        var stack = ThreadTable.Find(_unpreparedEntry);
        if (stack.Exists)
            return stack.TryPop(out index);
        index = NoSlot;
        return false;
    }

    /// <summary>Begins the life of a slot that is the caller's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SlabHandle Begin(nuint index)
    {
        var handle = new SlabHandle(index, Publish(index));
        GC.KeepAlive(this);
        return handle;
    }

    /// <summary>The rest of a rent that found its thread's stack empty, or may not look there. The default: there is no memory. By value, so that a handle can stay in a register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SlabHandle RentSlowly()
    {
        var index = TakeSlot();
        return index == NoSlot ? default : Begin(index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SlabHandle RentSlowlyOrThrow()
    {
        var handle = RentSlowly();
        return handle != default ? handle : throw Exhausted();
    }

    /// <summary>The rest of a rent: pops or refills, and prepares. <see cref="NoSlot"/>: there is none.</summary>
    private uint TakeSlot()
    {
        var stack = _stacks.Current;

        // Without preparation the fast path has found a stack of the thread's empty, or it has none yet.
        if ((!_prepares || !stack.TryPop(out var index)) && !TryRefill(stack, out index))
            return NoSlot;
        return _prepares ? Prepare(index) : index;
    }

    /// <summary>Takes a batch from the depot, or else from the slabs: one slot for the caller, the rest for its thread's stack.</summary>
    private bool TryRefill(ThreadStack stack, out uint index)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Span<uint> batch = stackalloc uint[LargestBatch];
        _stacks.TryGrow(stack);
        var taken = _stacks.TakeStowed(batch);
        var fromDepot = taken > 0;
        if (!fromDepot)
        {
            batch = batch[..Math.Clamp((stack.Capacity / 2) + 1, 1, LargestBatch)];
            taken = TakeFromSlabs(batch, _threadsOwnSlabs ? stack : default);
        }

        if (taken == 0)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            _traffic.Refused();
            index = 0;
            return false;
        }

        index = batch[0];
        var kept = stack.Refill(batch[1..taken]);
        if (1 + kept < taken)
            _store.Give(batch[(1 + kept)..taken]);
        _traffic.Refilled(taken, fromDepot);
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>Takes slots out of the slabs, or out of a new one, or out of what is freed for them. Returns how many.</summary>
    private int TakeFromSlabs(Span<uint> batch, ThreadStack owner)
    {
        var taken = _store.Take(batch, owner);

        // A thread that has ended may have left whole slabs: they come before new ones.
        if (taken == 0 && owner.Exists && _stacks.DrainEnded())
            taken = _store.Take(batch, owner);
        if (taken == 0)
            taken = Grow(batch, owner);
        return taken != 0 ? taken : ReclaimAndTake(batch, owner);
    }

    private int Grow(Span<uint> batch, ThreadStack owner)
    {
        var taken = _store.GrowAndTake(batch, owner);
        if (taken > 0)
            _traffic.SlabCreated(_layout.SlabBytes);
        return taken;
    }

    /// <summary>No memory: has some freed, again and again while that helps. Slots of this cache may come of it too, and pages of its slabs.</summary>
    private int ReclaimAndTake(Span<uint> batch, ThreadStack owner)
    {
        var taken = 0;
        var reclaim = new DirectReclaim(_registry.Pages);
        try
        {
            // Ends: DirectReclaim says. What is taken in may have left the slabs with its pages, so these are tried last.
            while (taken == 0 && reclaim.TryFreeSome())
            {
                taken = _store.Take(batch, owner);
                if (taken == 0)
                    taken = Grow(batch, owner);
            }
        }
        finally
        {
            reclaim.Dispose();
        }

        return taken != 0 ? taken : _store.Take(batch, owner);
    }

    /// <summary>
    /// Checks, zeroes and constructs a slot that is dead and exclusively the caller's, before its publication (L7). It may be another slot in the end:
    /// a guarded one, or the next if this one is damaged. <see cref="NoSlot"/>: there is no other. By value, so that an index can stay in a register.
    /// </summary>
    private uint Prepare(uint taken)
    {
        if (!TryBeginDebugging(taken, out var index))
            return NoSlot;
        var address = AddressOf(index);
        try
        {
            if (_zeroOnAllocate)
                Zero(address);
            if (_type.HasConstructor)
                _type.Construct(address);
        }
        catch
        {
            // Never published: the word is as it was, so the slot is simply free again.
            EndDebugging(index);
            if (!TryGiveGuarded(index))
                FreeSlot(index);
            throw;
        }

        _reporter.Tracks?.Rented(index, _generations.ToIssue(Lifetime.Load(ref _tables.SlotWord(index))));
        return index;
    }

    /// <summary>Destroys an object whose generation the caller has ended, and frees its slot.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Destroy(uint index, uint generation)
    {
        if (_destroys && RunDestructor(index, generation))
            return;
        if (generation == _generations.Last)
            Retire(index);
        else
            FreeSlot(index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Retire(uint index)
    {
        _store.Retire(index);
        if (IsDisposed)
            ForgetIfGone();
        _traffic.SlotRetired(index);
    }

    /// <summary>Checks, destructs and wipes. True: the slot was a guarded one, and has gone back to them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunDestructor(uint index, uint generation)
    {
        var address = AddressOf(index);
        CheckEnding(index, generation);
        try
        {
            if (_type.HasDestructor)
                _type.Destruct(address);
        }
#pragma warning disable CA1031 // Whoever happens to end an object's life is not to blame for its destructor: the exception is reported.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _reporter.Report(ViolationKind.DestructorThrew, index, generation, exception.Message, exception);
        }

        if (_zeroOnFree)
            Zero(address);
        EndDebugging(index);
        return TryGiveGuarded(index);
    }

    private void FreeSlot(uint index)
    {
        if (!_stacks.Current.TryPush(index))
            FlushAndFree(index);
        GC.KeepAlive(this);
    }

    /// <summary>Puts a slot back that was taken for a rent which another slot serves: that is no return.</summary>
    private void FreeUnused(uint index)
    {
        if (_stacks.Current.Refill([index]) == 0)
            _store.Give([index]);
        GC.KeepAlive(this);
    }

    /// <summary>The thread has no stack yet, or it is full, has no room at all, or is being emptied: the oldest half goes to the depot, or else to the slabs, in one batch.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FlushAndFree(uint index)
    {
        var stack = _stacks.Current;
        Flush(stack);
        if (!stack.TryPush(index))
            _store.Return(index);
        if (IsDisposed)
            ForgetIfGone();
        GC.KeepAlive(this);
    }

    private void Flush(ThreadStack stack)
    {
        if (_stacks.TryGrow(stack))
            return;
        Span<uint> batch = stackalloc uint[LargestBatch];
        batch = batch[..stack.TakeOldest(batch[..Math.Min((stack.Capacity + 1) / 2, LargestBatch)])];
        if (batch.IsEmpty)
            return;
        var toDepot = _stacks.TryStow(batch);
        if (!toDepot)
            _store.Give(batch);
        _traffic.Flushed(batch.Length, toDepot);
    }

    // SAFETY: the slot is exclusively the caller's, and at least SizeBytes long.
    private unsafe void Zero(nint address) => new Span<byte>((void*)address, _type.SizeBytes).Clear();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutEnded(uint index, uint generation, PutOutcome outcome)
    {
        if (outcome == PutOutcome.MustDestroy)
            Destroy(index, generation);
        else
            _reporter.Report(ViolationKind.SurplusPut, index, generation, "a reference was disposed more often than it was got");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GetFailed(SlabHandle handle, GetOutcome outcome)
    {
        switch (outcome)
        {
            case GetOutcome.Got:
                // Alive, but another cache's: the reference is real, and so is its end.
                _registry.CacheOf(handle.Index).Put(handle.Index, handle.Generation);
                break;
            case GetOutcome.StaleMustDestroy or GetOutcome.SaturatedMustDestroy:
                // The word is ours alone until the slot is freed: its generation is the one after the stranger's.
                var generation = Lifetime.Load(ref _tables.SlotWord(handle.Index)).Generation - 1;
                _registry.CacheOf(handle.Index).Destroy(handle.Index, generation);
                break;
        }

        if (outcome is GetOutcome.Saturated or GetOutcome.SaturatedMustDestroy)
            _saturated.Add();
        else if (outcome != GetOutcome.NotNow)
            _staleRejected.Add();
    }

    [DoesNotReturn]
    private void ThrowNotRented(uint index, uint generation) =>
        throw new InvalidOperationException($"Cache '{Name}': slot {index}, generation {generation} is not rented: the handle is stale, was returned, or is not of this cache.");

    private void RequireShared()
    {
        if (_exclusive)
            ThrowExclusive();
    }

    private void ThrowExclusive() =>
        throw new InvalidOperationException($"Cache '{Name}' is exclusive: its objects have one owner and no references. Create it with SlabDiscipline.Shared to take references.");

    private void ForgetIfGone()
    {
        if (_store.IsGone && _guards?.IsGone != false)
            _registry.Remove(_id);
    }
}
