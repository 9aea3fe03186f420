using System.Buffers;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <summary>
/// Owns one folio for code that keeps memory across awaits: <see cref="MemoryManager{T}.Memory"/> is good until the owner is
/// disposed, and memory pinned before stays until it is unpinned. Made anew for each folio, so an old copy of its memory
/// fails with <see cref="ObjectDisposedException"/> and never shows another's bytes. Disposing again, from any thread, does
/// nothing but being counted and reported. An owner that is never disposed keeps its folio. Thread-safe.
/// </summary>
public sealed class FolioOwner : MemoryManager<byte>
{
    private readonly FolioAllocator _allocator;
    private readonly int _lengthBytes;
    private readonly LeakWatch? _watch;

    // Writers: Pin, Unpin. The references that pins hold, so that an unpin too many takes nobody else's (L2, L4): each unpin takes one that it saw.
    // [folio-owner-unpinned-too-often, folio-owner-unpinned-unpinned, folio-owner-disposed-twice]
    private ulong _pins;

    internal FolioOwner(FolioAllocator allocator, FolioHandle handle, int lengthBytes, LeakWatch? watch)
    {
        _allocator = allocator;
        _lengthBytes = lengthBytes;
        _watch = watch;
        Handle = handle;
    }

    /// <summary>The folio's handle, for others to get references by.</summary>
    public FolioHandle Handle { get; }

    /// <summary>The folio's memory.</summary>
    /// <exception cref="ObjectDisposedException">The owner is disposed.</exception>
    public override Span<byte> GetSpan()
    {
        RequireOwned();
        return _allocator.BytesOf(Handle);
    }

    /// <summary>Keeps the folio, also past the owner's disposal, until the result is disposed. The memory never moves.</summary>
    /// <param name="elementIndex">The byte to point to; the length is allowed.</param>
    /// <exception cref="ObjectDisposedException">The owner is disposed.</exception>
    /// <exception cref="InvalidOperationException">The folio is frozen, or has 2^28 references.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is not within the folio.</exception>
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _lengthBytes);
        RequireOwned();
        var outcome = _allocator.Get(Handle, out _);
        ObjectDisposedException.ThrowIf(outcome == FolioOutcome.Stale, this);
        if (outcome != FolioOutcome.Done)
            throw new InvalidOperationException($"{Handle} can't be pinned now: {outcome}.");

        // SAFETY: native or pinned memory, kept by the reference just got until Unpin; the handle keeps this object reachable.
        fixed (byte* address = _allocator.BytesOf(Handle))
        {
            // Last: until the pin is counted no unpin can take its reference, so what was looked at above is still the folio's.
            Atomics.Add(ref _pins, 1);
            return new MemoryHandle(address + elementIndex, pinnable: this);
        }
    }

    /// <summary>Ends one <see cref="Pin"/>; called by the handle that it returned. One too many does nothing but being reported.</summary>
    public override void Unpin()
    {
        // Never below 0, not even for an instant: a pin made in that instant would count for nothing, and its reference be lost.
        // Ends: a CAS fails only because another pin or unpin got through.
        var seen = Atomics.LoadAcquire(ref _pins);
        while (seen != 0)
        {
            var found = Atomics.CompareExchange(ref _pins, seen - 1, seen);
            if (found == seen)
            {
                _allocator.Put(Handle);
                return;
            }

            seen = found;
        }

        _allocator.Report(ViolationKind.SurplusPut, Handle);
    }

    /// <summary>The array behind the folio, where the runtime's backing has one.</summary>
    /// <param name="segment">The part of the array.</param>
    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        RequireOwned();
        return _allocator.TryGetArray(Handle, _lengthBytes, out segment);
    }

    /// <summary>Ends the owner's hold. Never throws. While somebody holds the folio frozen nothing happens but a report: dispose it again later.</summary>
    /// <param name="disposing">True: there is no finalizer.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _allocator.Release(Handle, ViolationKind.DoubleDispose) is null)
            _watch?.Dispose();
    }

    private void RequireOwned() => ObjectDisposedException.ThrowIf(!_allocator.IsOwned(Handle), this);
}
