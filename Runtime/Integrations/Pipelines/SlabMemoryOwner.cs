using System.Buffers;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// One rent of one block. A new object for each rent, so a late dispose can't be mistaken for the next renter's. Its memory refuses to
/// be looked at after the dispose instead of showing somebody else's bytes; while it is pinned the block stays.
/// <code>
///   state: disposed[31] | pins[0..30]        the block goes back when disposed and the last pin is gone
/// </code>
/// </summary>
internal sealed class SlabMemoryOwner(SlabCache cache, SlabHandle handle, LeakWatch? watch) : MemoryManager<byte>
{
    private const uint Disposed = 1u << 31;

    // Writers: dispose, pin, unpin, from any thread. The step that makes it exactly Disposed, which happens once, returns the block.
    private uint _state;

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf((Atomics.LoadAcquire(ref _state) & Disposed) != 0, this);
        return cache.BytesOf(handle);
    }

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, cache.SizeBytes);

        // Ends: a CAS fails only because another pin, unpin or dispose got through.
        var wait = default(SpinWait);
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref _state);
            ObjectDisposedException.ThrowIf((seen & Disposed) != 0, this);
            if (Atomics.CompareExchange(ref _state, seen + 1, seen) == seen)
                break;
            Atomics.SpinOnce(ref wait);
        }

        // SAFETY: the pin just taken keeps the slot rented, and its memory never moves.
        return new MemoryHandle((byte*)cache.AddressOf(handle.Index) + elementIndex, pinnable: this);
    }

    public override void Unpin()
    {
        // Ends: as in Pin. An unpin without a pin changes nothing.
        var wait = default(SpinWait);
        while (true)
        {
            var seen = Atomics.LoadAcquire(ref _state);
            if ((seen & ~Disposed) == 0)
                return;
            if (Atomics.CompareExchange(ref _state, seen - 1, seen) == seen)
            {
                if (seen - 1 == Disposed)
                    cache.TryReturn(handle);
                return;
            }

            Atomics.SpinOnce(ref wait);
        }
    }

    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        ObjectDisposedException.ThrowIf((Atomics.LoadAcquire(ref _state) & Disposed) != 0, this);
        return cache.Arena.TryGetArrayAt(cache.AddressOf(handle.Index), cache.SizeBytes, out segment);
    }

    protected override void Dispose(bool disposing)
    {
        var before = Atomics.Or(ref _state, Disposed);
        if ((before & Disposed) != 0)
        {
            cache.Report(ViolationKind.DoubleDispose, handle, "a memory owner was disposed twice");
            return;
        }

        watch?.Dispose();
        if (before == 0)
            cache.TryReturn(handle);
    }
}
