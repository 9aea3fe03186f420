using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// Bytes of a pipe, kept past <c>PipeReader.AdvanceTo</c> without a copy: a counted reference on each block behind them. The pipe goes on meanwhile; it gives its blocks back as always, and a block that
/// is retained is rented to nobody else before the last reference on it is gone. Made by <see cref="PipeRetentionExtensions"/>.
/// </summary>
/// <remarks>
/// Whoever has one disposes it, once, on any thread. For a further holder take another, by <see cref="Retain"/>: each counts for itself. The bytes must not be written to, for all holders read
/// the same ones; nor does the pipe, which only writes behind them. Retaining is one atomic step a block, and so is disposing, plus one that tells disposes apart. However little is retained of a block, the whole
/// block stays rented; keep few bytes for long by copying them.
/// <para>Not disposed, it keeps its blocks until the end of the runtime, which reports them (<see cref="ViolationKind.OutstandingAtDispose"/>). It may be disposed after its pool and its runtime.</para>
/// </remarks>
public sealed class RetainedSequence : IDisposable
{
    private CountedMemory? _first;
    private CountedMemory? _last;
    private ReadOnlySequence<byte> _sequence;

    // Writers: Dispose. Readers: whoever uses the bytes. From 0 to 1 once: that dispose drops the references, and no other, so nobody else's are dropped (L2).   [retained-racing-releases]
    private uint _released;

    private RetainedSequence()
    {
    }

    /// <summary>The bytes, in the same pieces as they were retained. No longer readable after <see cref="Dispose"/>, nor is any memory got from it, unless by a span or a pin.</summary>
    /// <exception cref="ObjectDisposedException">This is disposed: reported as <see cref="ViolationKind.UseAfterRelease"/>. Reading memory that was got from it before throws the same.</exception>
    public ReadOnlySequence<byte> Sequence
    {
        get
        {
            ThrowIfReleased("read");
            return _sequence;
        }
    }

    /// <summary>Number of bytes; also after <see cref="Dispose"/>.</summary>
    public long Length { get; private set; }

    /// <summary>How many of them had to be copied, because they were in no block of a <see cref="SlabMemoryPool"/>: see <see cref="ForeignMemory.Copy"/>.</summary>
    public long CopiedBytes { get; private set; }

    /// <summary>Takes a second reference on the same blocks, for another holder; for a part of the bytes, retain a slice of <see cref="Sequence"/>.</summary>
    /// <returns>The same bytes, owned by the caller.</returns>
    /// <exception cref="ObjectDisposedException">This is disposed: reported, nothing is retained.</exception>
    public RetainedSequence Retain()
    {
        ThrowIfReleased("retained again");

        // Not null: none of it is foreign, or it would not be retained.
        return Of(_sequence, ForeignMemory.Refuse)!;
    }

    /// <summary>
    /// Drops the references. The last one on a block gives it back to its pool, unless it is still its renter's or pinned. Throws nothing: a second dispose is reported
    /// as <see cref="ViolationKind.DoubleDispose"/> and changes nothing.
    /// </summary>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _released, 1) != 0)
            Report(ViolationKind.DoubleDispose, "retained bytes were released twice");
        else
            Release();
    }

    /// <summary>Retains all of it, or nothing. Null: some of it is foreign, and to be refused.</summary>
    /// <exception cref="ObjectDisposedException">A block has been given back: reported.</exception>
    internal static RetainedSequence? Of(in ReadOnlySequence<byte> bytes, ForeignMemory foreign)
    {
        var retained = new RetainedSequence();
        var isWhole = false;
        try
        {
            isWhole = retained.TryAddAll(bytes, foreign);
        }
        finally
        {
            if (!isWhole)
                retained.Release();
        }

        return isWhole ? retained : null;
    }

    internal void ThrowIfReleased(string use)
    {
        if (Atomics.LoadAcquire(ref _released) != 0)
            ThrowReleased(use);
    }

    [DoesNotReturn]
    internal void ThrowReleased(string use)
    {
        Report(ViolationKind.UseAfterRelease, $"retained bytes were {use} after their release");
        throw new ObjectDisposedException(nameof(RetainedSequence));
    }

    private bool TryAddAll(in ReadOnlySequence<byte> bytes, ForeignMemory foreign)
    {
        // What a reader shows is mostly in one block; walking through a sequence costs as much as the count.
        if (bytes.IsSingleSegment)
        {
            if (!TryAdd(bytes.First, foreign))
                return false;
        }
        else
        {
            foreach (var memory in bytes)
            {
                if (!TryAdd(memory, foreign))
                    return false;
            }
        }

        _sequence = Join();
        return true;
    }

    private bool TryAdd(ReadOnlyMemory<byte> memory, ForeignMemory foreign)
    {
        if (memory.IsEmpty)
            return true;
        if (CountedMemory.TryRetain(this, memory, foreign) is not { } piece)
            return false;
        if (_last is null)
            _first = piece;
        else
            _last.Next = piece;
        _last = piece;
        Length += memory.Length;
        CopiedBytes += piece.CopiedBytes;
        return true;
    }

    private ReadOnlySequence<byte> Join()
    {
        if (_first is null)
            return ReadOnlySequence<byte>.Empty;
        if (_first.Next is null)
            return new ReadOnlySequence<byte>(_first.Memory);
        var first = new Segment(_first.Memory);
        var last = first;
        for (var piece = _first.Next; piece is not null; piece = piece.Next)
            last = last.Append(piece.Memory);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private void Release()
    {
        for (var piece = _first; piece is not null; piece = piece.Next)
            piece.Release();
    }

    // To the runtime of the first block.
    private void Report(ViolationKind kind, string detail)
    {
        for (var piece = _first; piece is not null && !piece.TryReport(kind, detail);)
            piece = piece.Next;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
