using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>Returns by handle: the fast paths, the others, and what is said of a wrong one.</content>
public sealed partial class SlabCache
{
    /// <summary>A return. Null, or what was wrong, unless that is to be thrown: then nothing changed, and it has been counted and reported.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private InvalidOperationException? ReturnOrMisuse(SlabHandle handle, bool throws)
    {
        // As wide as addresses are: else they are made so anew wherever one is computed.
        nuint index = handle.Index;
        var generation = handle.ToUInt64() >> 32;
        var stack = ThreadTable.Find(_entry);
        if ((uint)index < _tables.SlotLimit)
        {
            if (!_threadsOwnSlabs)
            {
                if (TryEndUnreferenced((uint)index, (uint)generation))
                {
                    if (_destroys || generation == _generations.Last)
                        Destroy((uint)index, (uint)generation);
                    else if (!stack.Exists || !stack.TryPush((uint)index))
                        FlushAndFree((uint)index);
                    GC.KeepAlive(this);
                    return null;
                }
            }
            else if (stack.Exists && stack.TryEnter())
            {
                if (TryEndOwnInside(stack, index, generation))
                {
                    stack.Leave();
                    GC.KeepAlive(this);
                    return null;
                }

                stack.Leave();
                GC.KeepAlive(this);
            }
        }

        return ReturnSlowly(handle, throws);
    }

    /// <summary>Ends a life that is ours, rented, and nobody else has a reference to. False: not so, or not for sure; nothing changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEndUnreferenced(uint index, uint generation)
    {
        ref var word = ref _tables.SlotWord(index);
        var published = new LifetimeWord(_hold | generation);

        // The cache is checked between this load and the CAS: both name one generation, so the slab can't have changed hands.
        return Lifetime.Load(ref word) == published
            && Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabCacheId) == _id
            && Lifetime.TryReturnUnreferenced(ref word, generation, published);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private InvalidOperationException? ReturnSlowly(SlabHandle handle, bool throws)
    {
        var outcome = ReturnCore(handle.Index, handle.Generation);
        if (outcome <= ReturnOutcome.Deferred)
            return null;
        var misuse = Misuse(handle.Index, handle.Generation, outcome);
        return throws ? throw misuse : misuse;
    }

    private ReturnOutcome ReturnCore(uint index, uint generation)
    {
        if (index >= _tables.SlotLimit)
            return ReturnOutcome.Stale;
        ref var word = ref _tables.SlotWord(index);
        var seen = Lifetime.Load(ref word);

        // The cache is checked between this load and the CAS: both name one generation, so the slab can't have changed hands.
        if (Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabCacheId) != _id)
            return ReturnOutcome.Stale;
        if (_threadsOwnSlabs)
            return ReturnToOwner(index, generation, seen);
        var outcome = _exclusive ? Lifetime.ReturnExclusive(ref word, generation, seen) : Lifetime.Return(ref word, generation, seen);
        if (outcome == ReturnOutcome.MustDestroy)
            Destroy(index, generation);
        else if (outcome == ReturnOutcome.Deferred)
            _reporter.Tracks?.ReturnedByOwner(index, generation);
        GC.KeepAlive(this);
        return outcome;
    }

    /// <summary>Counts and reports a wrong return and makes the exception for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private InvalidOperationException Misuse(uint index, uint generation, ReturnOutcome outcome)
    {
        var (kind, detail) = Judge(index, generation, outcome);
        var violation = kind == ViolationKind.ForeignHandle
            ? ReportForeign(index, generation, detail)
            : _reporter.Report(kind, index, generation, detail);
        return new InvalidOperationException(violation.ToMessage());
    }

    private Violation ReportForeign(uint index, uint generation, string detail)
    {
        var owner = _registry.FindCacheOf(index);
        return owner?._reporter.Tracks is { } theirs
            ? _reporter.ReportForeign(index, generation, detail, theirs, owner.NearestSlot(index) ?? index)
            : _reporter.ReportForeign(index, generation, detail, theirs: null, index);
    }

    private (ViolationKind Kind, string Detail) Judge(uint index, uint generation, ReturnOutcome outcome)
    {
        if (index >= _tables.SlotLimit)
            return (ViolationKind.ForeignHandle, "no slot of this runtime has this index");
        if (Atomics.LoadAcquire(ref _tables.Frame(index >> _tables.SlotShift).SlabCacheId) != _id)
            return (ViolationKind.ForeignHandle, _registry.FindCacheOf(index) is { } owner ? $"the slot is of cache '{owner.Name}'" : "the slot is not of this cache (any more)");
        if (NearestSlot(index) is var nearest && nearest != index)
            return (ViolationKind.ForeignHandle, "no object begins there: the index is misaligned" + (nearest is null ? "" : $", nearest to slot {nearest}"));
        if (outcome == ReturnOutcome.Frozen)
            return (ViolationKind.FrozenReturn, "somebody holds the object frozen");
        if (outcome == ReturnOutcome.NotOwned)
            return (ViolationKind.DoubleReturn, "its owner returned it before, or it never had one");
        return _reporter.JudgeEnded(index, generation);
    }
}
