using System.Diagnostics;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// One folio that many threads hold and let go all the time. A counted reference costs an atomic add on the folio's one word each time, and however many
/// processors there are, they wait for each other's turn. Here each thread counts its pins in a slot of its own, by plain stores, and the slots are summed
/// only when somebody wants the folio for itself: <see cref="TryFreeze"/> and <see cref="Dispose"/>. To the rest of the runtime it is one counted reference,
/// so while it is there the folio doesn't end, and nobody else freezes it. Thread-safe. Source: Linux <c>percpu_ref</c>.
/// <code>
///   pins = the slots' balances + shared                    shared is kept Bias too high until the disposal
///
///   distributed    a pin and its end: the thread's slot
///   frozen         a pin: "try again"; an end: shared      slots shut and summed; also while it is tried
///   disposed       a pin: "gone";      an end: shared      slots shut and summed, and the Bias taken off: who brings shared to 0 drops the reference
/// </code>
/// One that is dropped without being disposed keeps its folio, which <see cref="PoolRuntime.Dispose"/> then reports as still out. Each thread that pins takes 128
/// bytes until some while after it has ended, and 8 bytes in a table of its own.
/// </summary>
public sealed class DistributedFolio : IDisposable
{
    // More than there can be pins. While it is in the shared count, that can't come to 0, however many ends of pins it sees before their beginnings.
    private const long Bias = 1L << 62;

    // From Frozen on no pin can be held.
    private const uint Distributed = 0;
    private const uint Freezing = 1;
    private const uint Disposed = 2;
    private const uint Frozen = 3;
    private const uint Ended = 4;

    private static readonly ThreadStackSink s_noItems = static _ => { };

    private readonly FolioAllocator _folios;
    private readonly ThreadStackSet _slots;
    private readonly Latch _latch = new();

    // Written before anybody else knows of it.
    private nint _address;
    private int _lengthBytes;

    // Writers: who ends a pin whose thread's slot is shut, who sums a slot, the disposal. Readers: the freezer.
    // L1: it comes to 0 once, after the disposal took the Bias off; who brings it there drops the reference.   [DistributedFolioTests.L1_…]
    private long _shared = Bias;

    // Writers: freezer and disposal, under the latch; who ends it, alone. Readers: threads that can't pin in their slot.
    private uint _state = Distributed;

    /// <summary>One that holds nothing yet.</summary>
    internal DistributedFolio(FolioAllocator folios, FolioHandle handle)
    {
        _folios = folios;
        Handle = handle;
        _slots = new ThreadStackSet(capacity: 0, s_noItems, takeover: Collect, numbersOwners: false);
    }

    /// <summary>The folio's handle, for whoever wants a reference of its own: one that travels to another thread, or outlives this.</summary>
    public FolioHandle Handle { get; }

    /// <summary>
    /// Holds the folio until the pin is disposed: its content stays, unless somebody writes it. Nothing is written that another thread reads; only a thread's
    /// first pin takes longer.
    /// </summary>
    /// <param name="pin">The pin, to be disposed; on failure the default value, whose disposal does nothing.</param>
    /// <returns>False: it is frozen, somebody tries to freeze it just now, or it is disposed; <see cref="Pin"/> tells which.</returns>
    /// <exception cref="OutOfMemoryException">The system has no memory for the thread's slot. Nothing is held.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPin(out FolioPin pin) => Pin(out pin) == FolioOutcome.Done;

    /// <summary>As <see cref="TryPin"/>, and says why not.</summary>
    /// <param name="pin">The pin, to be disposed; on failure the default value, whose disposal does nothing.</param>
    /// <returns><see cref="FolioOutcome.TryAgain"/>: it is frozen, or somebody tries to; <see cref="FolioOutcome.Stale"/>: it is disposed, or was freed while it was frozen.</returns>
    /// <inheritdoc cref="TryPin" path="/exception"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FolioOutcome Pin(out FolioPin pin)
    {
        // L2: who freezes or disposes shuts this section out before it sums (BiasedLatch). Either its sum has this pin, or we find the slot shut; and where we
        // find it open again, we see what was written while it was shut.   [DistributedFolioTests.L2_…]
        var slot = _slots.Find();
        if (!slot.Exists || !slot.TryAdd(1))
            return PinSlowly(out pin);
        pin = new FolioPin(this, slot);
        return FolioOutcome.Done;
    }

    /// <summary>
    /// Makes the folio unreachable for everyone else, if nobody else holds it, by pin or by reference, and the owner's hold, if there is one, is the caller's.
    /// While it is frozen pins say "try again"; <see cref="FrozenFolio.Unfreeze"/> lets threads pin again, and the other two ends of it end this too: don't
    /// dispose it then. Costs a barrier on all processors, and some time for each thread that has pinned, whether it succeeds or not.
    /// Source: <c>percpu_ref_kill</c>, <c>percpu_ref_reinit</c>.
    /// </summary>
    /// <param name="frozen">The frozen folio.</param>
    /// <param name="references">How many counted references the caller has beside this.</param>
    /// <param name="patience">How long to wait for pins to end. Nobody gets a new one meanwhile, so where all threads pin all the time some patience is what it takes. Default: not at all. <see cref="Timeout.InfiniteTimeSpan"/>: however long, and for ever if the caller itself holds one.</param>
    /// <returns>False: somebody else holds it, freezes it or has disposed it. Threads pin as before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of references, or a negative time.</exception>
    public bool TryFreeze(out FrozenFolio frozen, int references = 0, TimeSpan patience = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(references);
        if (patience != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.Zero);
        frozen = default;
        if (!TryShut())
            return false;
        var pins = WaitForPins(patience);
        using (_latch.Hold())
        {
            // Disposed meanwhile: the reference may be gone, and what the word counts be another's.
            if (Atomics.LoadAcquire(ref _state) != Freezing)
                return false;
            if (pins == 0 && _folios.TryFreeze(Handle, checked(1 + (uint)references)))
            {
                frozen = new FrozenFolio(_folios, Handle, 1 + (uint)references, this);
                Atomics.StoreRelease(ref _state, Frozen);
                return true;
            }

            // More pins were ended than were made: those that will be made must not pay for it.
            if (pins < 0)
                Atomics.Add(ref _shared, -pins);
            OpenUnsynchronized();
        }

        if (pins < 0)
            _folios.Report(ViolationKind.SurplusPut, Handle);
        return false;
    }

    /// <summary>
    /// Ends it: nobody gets a pin any more, and with the last pin that is held the reference on the folio is dropped, by whoever ends that pin, on its thread.
    /// Never throws. Disposing again does nothing but being counted and reported, and so does disposing while it is frozen: do it again later.
    /// Source: <c>percpu_ref_kill</c>.
    /// </summary>
    public void Dispose()
    {
        if (TryShutForGood() is { } misuse)
        {
            _folios.Report(misuse, Handle);
            return;
        }

        // All slots are summed: what is there without the Bias is what is held.
        var pins = Atomics.Add(ref _shared, -Bias);
        if (pins <= 0)
            DropReference();
        if (pins < 0)
            _folios.Report(ViolationKind.SurplusPut, Handle);
    }

    /// <summary>The threads' slots.</summary>
    internal ThreadStackSet Slots => _slots;

    /// <summary>The memory, for a pin. A pin that ended shows once none can be held, though not before.</summary>
    internal unsafe Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ObjectDisposedException.ThrowIf(Atomics.LoadAcquire(ref _state) >= Frozen, typeof(FolioPin));

            // SAFETY: the folio is alive while it is pinned, and its memory stays where it is, mapped while the allocator is reachable.
            return new Span<byte>((void*)_address, _lengthBytes);
        }
    }

    /// <summary>Takes its reference. Once, and before anything else; if it fails, nothing else follows.</summary>
    internal unsafe FolioOutcome TryHold()
    {
        var outcome = _folios.Get(Handle, out var folio);
        if (outcome != FolioOutcome.Done)
            return outcome;
        var bytes = folio.Bytes;
        _lengthBytes = bytes.Length;

        // SAFETY: the memory of a folio never moves.
        fixed (byte* address = bytes)
            _address = (nint)address;
        return FolioOutcome.Done;
    }

    /// <summary>Ends a pin, on the thread whose slot it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Unpin(ThreadStack slot)
    {
        if (!slot.TryAdd(-1))
            UnpinShared();

        // The slot is the set's memory.
        GC.KeepAlive(this);
    }

    /// <summary>The folio is reachable again, with this one's reference.</summary>
    internal void Unfrozen()
    {
        using (_latch.Hold())
            OpenUnsynchronized();
    }

    /// <summary>The folio, and with it this one's reference, ended while it was frozen.</summary>
    internal void EndedFrozen()
    {
        using (_latch.Hold())
            Atomics.StoreRelease(ref _state, Ended);
        Atomics.Add(ref _shared, -Bias);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FolioOutcome PinSlowly(out FolioPin pin)
    {
        pin = default;
        if (WhyNot() is { } reason)
            return reason;
        var slot = _slots.Current;
        if (!slot.TryAdd(1))
            return WhyNot() ?? FolioOutcome.TryAgain;
        pin = new FolioPin(this, slot);
        return FolioOutcome.Done;
    }

    /// <summary>Why nobody can pin now; null: somebody tried to freeze it, and does no more.</summary>
    private FolioOutcome? WhyNot() => Atomics.LoadAcquire(ref _state) switch
    {
        Distributed => null,
        Freezing or Frozen => FolioOutcome.TryAgain,
        _ => FolioOutcome.Stale,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void UnpinShared()
    {
        // What is frozen nobody pins. Asked first: it may be unfrozen, pinned by others and frozen in vain by the time that the add is done.
        if (Atomics.LoadAcquire(ref _state) == Frozen)
        {
            _folios.Report(ViolationKind.SurplusPut, Handle);
            return;
        }

        var left = Atomics.Add(ref _shared, -1);
        if (left == 0)
            DropReference();
        else if (left < 0)
            _folios.Report(ViolationKind.SurplusPut, Handle);
    }

    private void DropReference()
    {
        Atomics.StoreRelease(ref _state, Ended);
        _folios.Put(Handle);
    }

    private bool TryShut()
    {
        using (_latch.Hold())
        {
            if (Atomics.LoadAcquire(ref _state) != Distributed)
                return false;
            Atomics.StoreRelease(ref _state, Freezing);
            _slots.Close(s_noItems);
            return true;
        }
    }

    private ViolationKind? TryShutForGood()
    {
        using (_latch.Hold())
        {
            switch (Atomics.LoadAcquire(ref _state))
            {
                case Frozen:
                    return ViolationKind.FrozenReturn;
                case Disposed or Ended:
                    return ViolationKind.DoubleDispose;
                default:
                    Atomics.StoreRelease(ref _state, Disposed);
                    _slots.Close(s_noItems);
                    return null;
            }
        }
    }

    private void OpenUnsynchronized()
    {
        Atomics.StoreRelease(ref _state, Distributed);
        _slots.Reopen();
    }

    /// <summary>Pins that are held, once none is or the time is over. The slots are shut: there will be no more.</summary>
    private long WaitForPins(TimeSpan patience)
    {
        var wait = default(SpinWait);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var pins = Atomics.LoadAcquire(ref _shared) - Bias;
            if (pins <= 0 || Atomics.LoadAcquire(ref _state) != Freezing)
                return pins;
            if (patience != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(began) >= patience)
                return pins;
            Atomics.SpinOnce(ref wait);
        }
    }

    // With the thread shut out, or ended.
    private void Collect(ThreadStack slot, ulong nextOwnerId)
    {
        Atomics.Add(ref _shared, slot.TakeBalance());
        slot.TakenOverByRevoker(nextOwnerId);
    }
}
