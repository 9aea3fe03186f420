using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>
/// Pages with a checksum for each, over any store: a page that is torn, rotten or in another's place is an error (<see cref="PageChecksumException"/>) and not wrong bytes. Thread-safe, except that a page
/// isn't to be read or written by two at a time while one of them writes, which a cache doesn't.
/// <code>
///   inner store:  | block | page | page | … 512 | block | page | …       block: for each of the pages after it  [ its checksum : 32 | the one before : 32 ]
///   a write:      block with (new, old) ─► page
/// </code>
/// As the block has both, a page is good whether a write of it has ended or not begun, wherever the process stopped in between. A page that is torn itself is noticed; what was in it before is lost, as on any
/// store that writes in place. After a loss of power the order of writes since the last <see cref="Flush"/> is unknown, so those pages may be noticed too though they are whole.
/// <para>
/// The checksum is CRC-32C over the content and the page's index: 1 in 2^32 wrong pages isn't noticed, nor is one that is an older content together with its block. A page of zeros has none, so holes are good.
/// </para>
/// </summary>
public sealed class ChecksummedPageStore : IPageStore
{
    private const int PageBytes = PageOrder.FrameBytes;

    private readonly IPageStore _inner;
    private readonly ChecksumBlocks _blocks;

    // One at a time changes the length.
    private readonly SemaphoreSlim _resizing = new(1, 1);

    /// <summary>Wraps a store that is empty, or was written by another of these.</summary>
    /// <param name="inner">Where pages and checksums go. Owned from here on.</param>
    public ChecksummedPageStore(IPageStore inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _blocks = new ChecksumBlocks(inner);
    }

    /// <inheritdoc />
    public long LengthBytes => ChecksumLayout.OuterLength(_inner.LengthBytes);

    /// <inheritdoc />
    public int AlignmentBytes => PageBytes;

    /// <inheritdoc />
    /// <exception cref="PageChecksumException">A page isn't what was written. What is in <paramref name="destination"/> means nothing.</exception>
    public int Read(Span<byte> destination, long offsetBytes)
    {
        StoreTransfers.RequireAligned(destination, offsetBytes, PageBytes);
        var done = 0;
        foreach (var (index, pages) in ChecksumLayout.Runs(offsetBytes, destination.Length))
        {
            var part = destination.Slice(done, pages * PageBytes);
            var read = _inner.Read(part, ChecksumLayout.PositionOf(index));
            var padded = (read + PageBytes - 1) / PageBytes * PageBytes;
            part[read..padded].Clear();
            for (var page = 0; page * PageBytes < padded; page++)
            {
                if (!_blocks.Accepts(index + page, ChecksumLayout.Of(index + page, part.Slice(page * PageBytes, PageBytes))))
                    throw new PageChecksumException(index + page);
            }

            done += read;
            if (read < part.Length)
                break;
        }

        return done;
    }

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        StoreTransfers.RequireAligned(source, offsetBytes, PageBytes);
        var done = 0;
        foreach (var (index, pages) in ChecksumLayout.Runs(offsetBytes, source.Length))
        {
            var part = source.Slice(done, pages * PageBytes);
            _blocks.Begin(index, part);
            _inner.Write(part, ChecksumLayout.PositionOf(index));
            _blocks.End(index, pages);
            done += part.Length;
        }
    }

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken) =>
        StoreTransfers.ReadEachAsync(this, destinations, offsetBytes, cancellationToken);

    /// <inheritdoc />
    public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offsetBytes, CancellationToken cancellationToken) =>
        StoreTransfers.WriteEachAsync(this, sources, offsetBytes, cancellationToken);

    /// <inheritdoc />
    public void Flush() => _inner.Flush();

    /// <inheritdoc />
    public void SetLength(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        _resizing.Wait();
        try
        {
            if (lengthBytes < LengthBytes)
                CutOff(lengthBytes);
            _inner.SetLength(ChecksumLayout.InnerLength(lengthBytes));
        }
        finally
        {
            _resizing.Release();
        }
    }

    /// <summary>Disposes the inner store. Idempotent.</summary>
    public void Dispose()
    {
        _inner.Dispose();
        _blocks.Dispose();
        _resizing.Dispose();
    }

    /// <summary>The page that is cut through becomes one that ends in zeros, and those after it become zeros, before the store is cut off.</summary>
    private void CutOff(long lengthBytes)
    {
        var (last, within) = Math.DivRem(lengthBytes, PageBytes);
        if (within > 0)
        {
            var page = AlignedMemory.Allocate(PageBytes, PageBytes).Span;
            var read = Read(page, last * PageBytes);
            page[read..].Clear();
            if (page[(int)within..].ContainsAnyExcept((byte)0))
            {
                page[(int)within..].Clear();
                Write(page, last * PageBytes);
            }

            last++;
        }

        _blocks.Forget(last);
    }
}
