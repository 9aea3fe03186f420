using System.Buffers;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// One rent of one block. A new object for each rent, so a late dispose can't be mistaken for the next renter's. Its memory refuses to
/// be looked at after the dispose instead of showing somebody else's bytes; while it is pinned or retained the block stays.
/// <code>
///   state: disposed[63] | retentions[32..62] | pins[0..31]        the block goes back when disposed and the last hold is gone
/// </code>
/// The two counts are apart because anybody can unpin too often: that may cost another's pin, and never a retention.
/// </summary>
internal sealed class SlabMemoryOwner(SlabCache cache, SlabHandle handle, LeakWatch? watch) : MemoryManager<byte>
{
    private const ulong OnePin = 1;
    private const ulong AllPins = uint.MaxValue;
    private const ulong OneRetention = 1ul << 32;
    private const ulong AllRetentions = (ulong)int.MaxValue << 32;
    private const ulong Disposed = 1ul << 63;

    // Writers: dispose, pin, unpin, retain, release, from any thread. The step that makes it exactly Disposed, which happens once because nothing is
    // counted from there on, returns the block.
    // L2: so the slot's life doesn't end while it is held.        [RetainedSequenceHazardTests.L2_…]
    // Order: every step is a full fence, so what a holder did to the block precedes the step that returns it.
    private ulong _state;

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf((Atomics.LoadAcquire(ref _state) & Disposed) != 0, this);
        return cache.BytesOf(handle);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, cache.SizeBytes);
        ObjectDisposedException.ThrowIf(!TryPin(elementIndex, isRetained: false, out var pin), this);
        return pin;
    }

    public override void Unpin()
    {
        // Ends: as in TryHold. An unpin without a pin changes nothing.
        var wait = default(SpinWait);
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref _state);
            if ((seen & AllPins) == 0)
                return;
            if (Atomics.CompareExchange(ref _state, seen - OnePin, seen) == seen)
            {
                if (seen - OnePin == Disposed)
                    cache.TryReturn(handle);
                return;
            }

            Atomics.SpinOnce(ref wait);
        }
    }

    /// <summary>Keeps the block until a <see cref="Release"/>. False: nothing was counted, because the block is its renter's no longer.</summary>
    /// <param name="isRetained">Whether the caller asks for somebody who retains it already, so that it may be disposed.</param>
    internal bool TryRetain(bool isRetained) => TryHold(OneRetention, AllRetentions, isRetained);

    /// <summary>Ends one retention, of which the caller makes sure that it is one.</summary>
    internal void Release()
    {
        if (Atomics.Add(ref _state, unchecked(0 - OneRetention)) == Disposed)
            cache.TryReturn(handle);
    }

    /// <summary>The whole block, for whoever retains it.</summary>
    internal Span<byte> RetainedBytes() => cache.BytesOf(handle);

    /// <summary>Takes a pin, which keeps the block on its own, at a place in the block. False: nothing was counted, as for <see cref="TryRetain"/>.</summary>
    internal unsafe bool TryPin(int elementIndex, bool isRetained, out MemoryHandle pin)
    {
        pin = default;
        if (!TryHold(OnePin, AllPins, isRetained))
            return false;

        // SAFETY: the pin just taken keeps the slot rented, and its memory never moves.
        pin = new MemoryHandle((byte*)cache.AddressOf(handle.Index) + elementIndex, pinnable: this);
        return true;
    }

    internal bool TryGetRetainedArray(out ArraySegment<byte> segment) => cache.Arena.TryGetArrayAt(cache.AddressOf(handle.Index), cache.SizeBytes, out segment);

    internal void Report(ViolationKind kind, string detail) => cache.Report(kind, handle, detail);

    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        ObjectDisposedException.ThrowIf((Atomics.LoadAcquire(ref _state) & Disposed) != 0, this);
        return TryGetRetainedArray(out segment);
    }

    protected override void Dispose(bool disposing)
    {
        // Ends: as in TryHold.
        var wait = default(SpinWait);
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref _state);
            if ((seen & Disposed) != 0)
            {
                Report(ViolationKind.DoubleDispose, "a memory owner was disposed twice");
                return;
            }

            if (Atomics.CompareExchange(ref _state, seen | Disposed, seen) == seen)
            {
                watch?.Dispose();
                if (seen == 0)
                    cache.TryReturn(handle);
                return;
            }

            Atomics.SpinOnce(ref wait);
        }
    }

    private bool TryHold(ulong one, ulong all, bool isRetained)
    {
        // Ends: a CAS fails only because another step got through.
        var wait = default(SpinWait);
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref _state);
            if (isRetained ? seen == Disposed : (seen & Disposed) != 0)
                return false;
            if ((seen & all) == all)
                throw new InvalidOperationException("A block is held too often: somebody holds it again and again and never lets it go.");
            if (Atomics.CompareExchange(ref _state, seen + one, seen) == seen)
                return true;
            Atomics.SpinOnce(ref wait);
        }
    }
}
