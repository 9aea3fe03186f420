using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>Content: optimistic reads, and what references do with memory, flags and sequence.</content>
public sealed partial class FolioAllocator
{
    /// <summary>As <see cref="Read"/>. False: for any of its reasons.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="offsetBytes">Where in the folio to begin.</param>
    /// <param name="destination">Filled on success; zeroed on failure.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the folio, which is alive.</exception>
    public bool TryRead(FolioHandle handle, int offsetBytes, Span<byte> destination) =>
        Read(handle, offsetBytes, destination) == FolioOutcome.Done;

    /// <summary>
    /// Copies content out of a folio without holding it: nothing shared is written, so any number of readers don't disturb
    /// each other. What is copied is one consistent content, of the handle's own folio, provided that whoever writes it in place does so under
    /// <see cref="FolioReference.BeginWrite"/> or while it is frozen. For small reads; a large copy costs more than
    /// <see cref="TryGet"/>. Source: seqlocks.
    /// </summary>
    /// <param name="handle">The handle.</param>
    /// <param name="offsetBytes">Where in the folio to begin.</param>
    /// <param name="destination">Filled on success; zeroed on failure, since it may have held another folio's bytes.</param>
    /// <returns><see cref="FolioOutcome.TryAgain"/>: the folio is frozen or its content changed during the read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the folio, which is alive.</exception>
    [Glance("The order looked up may be another block's; the read is thrown away unless it is validated afterwards.")]
    public FolioOutcome Read(FolioHandle handle, int offsetBytes, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        if (handle.Frame >= _frames.CommittedFrames)
            return NotRead(handle, destination, isKnown: false);
        ref var frame = ref _frames.Frame(handle.Frame);
        if (!Lifetime.TryBeginRead(ref frame.Word, ref frame.Sequence, handle.Generation, out var sequence))
            return NotRead(handle, destination, isKnown: true);

        // Until the read is validated the order may be that of another block. The copy only has to stay inside committed data.
        var end = (ulong)(uint)offsetBytes + (uint)destination.Length;
        if (end > (ulong)PageOrder.FrameBytes << frame.Order || ((ulong)handle.Frame << PageOrder.FrameShift) + end > (ulong)_frames.CommittedFrames << PageOrder.FrameShift)
            return NotInside(handle, offsetBytes, destination, sequence);
        ContentCopy.Copy(Part(handle.Frame, offsetBytes, destination.Length), destination);
        var valid = Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence);
        GC.KeepAlive(this);
        return valid ? FolioOutcome.Done : NotRead(handle, destination, isKnown: true);
    }

    /// <summary>The part of a managed array behind a folio, where the runtime's backing has one.</summary>
    internal bool TryGetArray(FolioHandle handle, int lengthBytes, out ArraySegment<byte> segment) =>
        _pages.Arena.TryGetArray(new FrameNumber(handle.Frame), lengthBytes, out segment);

    internal ref uint FlagsOf(FolioHandle handle) => ref _frames.Frame(handle.Frame).Flags;

    internal ref uint SequenceOf(FolioHandle handle) => ref _frames.Frame(handle.Frame).Sequence;

    internal PageOrder OrderOf(FolioHandle handle) => new(_frames.Frame(handle.Frame).Order);

    /// <summary>The memory of a folio that the caller holds. A hold that ended shows once the folio is gone, though not before.</summary>
    internal Span<byte> BytesOf(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        ObjectDisposedException.ThrowIf(word.Generation != handle.Generation, typeof(FolioReference));
        return Memory(handle.Frame, OrderOf(handle));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe Span<byte> Memory(uint frame, PageOrder order)
    {
        // SAFETY: the block lies in committed data, which stays readable and mapped while this object is reachable. That
        // nobody else uses it is what a hold on the folio says.
        return new Span<byte>((void*)(_data + ((nint)frame << PageOrder.FrameShift)), (int)order.Bytes);
    }

    /// <summary>Some bytes of committed data, which others may change meanwhile: the caller has checked the range, and validates what it read afterwards.</summary>
    // SAFETY: as for Memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe ReadOnlySpan<byte> Part(uint frame, int offsetBytes, int lengthBytes) =>
        new((void*)(_data + ((nint)frame << PageOrder.FrameShift) + offsetBytes), lengthBytes);

    /// <summary>The range isn't within the folio, unless that is another by now.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [Glance("The order looked up is only shown, and only when the folio was still the same afterwards.")]
    private FolioOutcome NotInside(FolioHandle handle, int offsetBytes, Span<byte> destination, uint sequence)
    {
        ref var frame = ref _frames.Frame(handle.Frame);
        var order = new PageOrder(frame.Order);
        if (!Lifetime.EndRead(ref frame.Word, ref frame.Sequence, handle.Generation, sequence))
            return NotRead(handle, destination, isKnown: true);
        throw new ArgumentOutOfRangeException(nameof(offsetBytes), offsetBytes, $"{destination.Length} bytes from here are not within {order.Bytes}.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FolioOutcome NotRead(FolioHandle handle, Span<byte> destination, bool isKnown)
    {
        destination.Clear();
        if (!isKnown || !handle.IsValid || Lifetime.Load(ref _frames.Frame(handle.Frame).Word).Generation != handle.Generation)
            return RejectStale();
        GC.KeepAlive(this);
        return FolioOutcome.TryAgain;
    }
}
