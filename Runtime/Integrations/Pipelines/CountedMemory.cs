using System.Buffers;
using System.Runtime.InteropServices;
using FolioRuntime.Lifetimes;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// One piece of a <see cref="RetainedSequence"/>: a part of one block, or a copy of what was in no block. It is a memory manager of its own, beside the block's, so that
/// its memory can be read past the block's dispose and not past its holder's.
/// </summary>
internal sealed class CountedMemory : MemoryManager<byte>
{
    private readonly RetainedSequence _holder;

    // Null: the bytes are in the copy.
    private readonly SlabMemoryOwner? _block;
    private readonly byte[] _copy;
    private readonly int _start;
    private readonly int _length;

    private CountedMemory(RetainedSequence holder, SlabMemoryOwner? block, byte[] copy, int start, int length)
    {
        _holder = holder;
        _block = block;
        _copy = copy;
        _start = start;
        _length = length;
    }

    /// <summary>The next piece of the same sequence. Written before the sequence is anybody's.</summary>
    public CountedMemory? Next { get; set; }

    public override Memory<byte> Memory => CreateMemory(_length);

    /// <summary>Bytes that had to be copied.</summary>
    public int CopiedBytes => _block is null ? _length : 0;

    /// <summary>Takes a reference on the block of these bytes. Null, without a reference, if there is none and it may not be copied.</summary>
    /// <exception cref="ObjectDisposedException">The block is its renter's no longer, or the retained bytes aren't their holder's: reported, nothing was counted.</exception>
    public static CountedMemory? TryRetain(RetainedSequence holder, ReadOnlyMemory<byte> bytes, ForeignMemory foreign)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, SlabMemoryOwner>(bytes, out var block, out var start, out var length))
        {
            // Made before the block is counted: what fails here must not leave it counted.
            var piece = new CountedMemory(holder, block, [], start, length);
            if (block.TryRetain(isRetained: false))
                return piece;
            block.Report(ViolationKind.UseAfterRelease, "a block was retained after it had been given back: retain what a pipe's reader shows before AdvanceTo");
            throw new ObjectDisposedException(nameof(SlabMemoryOwner));
        }

        if (MemoryMarshal.TryGetMemoryManager<byte, CountedMemory>(bytes, out var counted, out start, out length))
            return counted.RetainAgain(holder, start, length);
        return foreign == ForeignMemory.Copy ? new CountedMemory(holder, block: null, bytes.ToArray(), 0, bytes.Length) : null;
    }

    /// <summary>Drops the reference.</summary>
    public void Release() => _block?.Release();

    /// <summary>Reports misuse of the sequence, where there is a runtime to report it to. False: there isn't.</summary>
    public bool TryReport(ViolationKind kind, string detail)
    {
        _block?.Report(kind, detail);
        return _block is not null;
    }

    public override Span<byte> GetSpan()
    {
        _holder.ThrowIfReleased("read");
        return (_block is null ? _copy : _block.RetainedBytes()).Slice(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _length);
        _holder.ThrowIfReleased("pinned");
        if (_block is null)
            return _copy.AsMemory(_start + elementIndex).Pin();
        if (!_block.TryPin(_start + elementIndex, isRetained: true, out var pin))
            _holder.ThrowReleased("pinned");
        return pin;
    }

    // A pin is its block's, and ended there.
    public override void Unpin() => _block?.Unpin();

    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        _holder.ThrowIfReleased("read");
        segment = _copy;
        if (_block is not null && !_block.TryGetRetainedArray(out segment))
            return false;
        segment = segment.Slice(_start, _length);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        // The sequence is disposed, as a whole.
    }

    private CountedMemory RetainAgain(RetainedSequence holder, int start, int length)
    {
        _holder.ThrowIfReleased("retained again");
        var piece = new CountedMemory(holder, _block, _copy, _start + start, length);
        if (_block?.TryRetain(isRetained: true) == false)
            _holder.ThrowReleased("retained again");
        return piece;
    }
}
