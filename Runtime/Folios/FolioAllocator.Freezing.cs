using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>Freezing, and what may be done to a folio only while nobody else can reach it.</content>
public sealed partial class FolioAllocator
{
    internal bool TryFreeze(FolioHandle handle, uint references)
    {
        var frozen = Lifetime.TryFreeze(ref _frames.Frame(handle.Frame).Word, handle.Generation, references);
        GC.KeepAlive(this);
        return frozen;
    }

    /// <summary>Always bumps the content sequence: a reader that began before the freeze must not believe what it copied meanwhile.</summary>
    internal void Unfreeze(FolioHandle handle, uint references)
    {
        RequireFrozen(handle);
        ref var frame = ref _frames.Frame(handle.Frame);
        var sequence = Atomics.LoadAcquire(ref frame.Sequence);
        Atomics.StoreRelease(ref frame.Sequence, (sequence + 2) & ~1u);
        Lifetime.Unfreeze(ref frame.Word, handle.Generation, references);
        GC.KeepAlive(this);
    }

    internal void FreeFrozen(FolioHandle handle)
    {
        RequireFrozen(handle);
        Lifetime.FreeFrozen(ref _frames.Frame(handle.Frame).Word, handle.Generation);
        Destroy(handle.Frame);
    }

    /// <summary>
    /// Ends the frozen folio and publishes its parts, each with an owner's hold. The first part has the old head's frame and
    /// so its next generation; each other part has its own frame's, which goes on from where that frame last headed a folio.
    /// Old handles are stale for ever. Content stays; flags are passed on, except the lock. What had a type ends here, and its parts have none.
    /// </summary>
    internal FolioOutcome Split(FolioHandle handle, PageOrder partOrder, Span<FolioHandle> parts)
    {
        RequireFrozen(handle);
        var order = OrderOf(handle);
        ArgumentOutOfRangeException.ThrowIfNegative(partOrder.Value, nameof(partOrder));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partOrder.Value, order.Value, nameof(partOrder));
        var count = 1 << (order.Value - partOrder.Value);
        if (parts.Length < count)
            throw new ArgumentException($"A folio of order {order} has {count} parts of order {partOrder}; room was given for {parts.Length}.", nameof(parts));
        if (!CanHeadFolios(handle, partOrder, count))
            return FolioOutcome.Worn;

        ref var head = ref _frames.Frame(handle.Frame);
        var flags = (FolioFlags)Atomics.LoadAcquire(ref head.Flags) & ~FolioFlags.Locked;
        if (head.PageType != NoType)
            Destruct(ref head, handle);
        Lifetime.FreeFrozen(ref head.Word, handle.Generation);
        _pages.Split(new FrameNumber(handle.Frame), order.Value, partOrder.Value);
        _freed.Add();
        for (var i = 0; i < count; i++)
        {
            var number = handle.Frame + ((uint)i << partOrder.Value);
            ref var frame = ref _frames.Frame(number);
            Prepare(ref frame, flags);
            parts[i] = new FolioHandle(number, Lifetime.PublishRented(ref frame.Word, _generations));
        }

        _allocated.Add(count);
        GC.KeepAlive(this);
        return FolioOutcome.Done;
    }

    private bool CanHeadFolios(FolioHandle handle, PageOrder partOrder, int count)
    {
        if (handle.Generation == _generations.Last)
            return false;
        for (var i = 1; i < count; i++)
        {
            if (_generations.IsRetired(Lifetime.Load(ref _frames.Frame(handle.Frame + ((uint)i << partOrder.Value)).Word)))
                return false;
        }

        return true;
    }

    private void RequireFrozen(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        if (word.IsLive || word.Generation != handle.Generation)
            RefuseUnfrozen(handle);
    }

    private static void RefuseUnfrozen(FolioHandle handle) => throw new InvalidOperationException($"{handle} is not frozen by the caller any more: it was unfrozen, freed or split before.");
}
