using FolioRuntime.PageCaching.Stores;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Where pages of a mapping come from and go to: a file, memory, or anything that has bytes by position. Thread-safe: a cache reads and writes different pages of it at the
/// same time, never one page by two, and holds no latch while it does. Linux: <c>struct address_space_operations</c>.
/// </summary>
public interface IPageStore : IDisposable
{
    /// <summary>Its length in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>What offset, length and memory of every transfer must be multiples of: a power of two, 1 to 4096.</summary>
    int AlignmentBytes { get; }

    /// <summary>Reads bytes; fewer than asked for only at the end.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="offsetBytes">Where from.</param>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="IOException">The store can't. What is in <paramref name="destination"/> means nothing then.</exception>
    int Read(Span<byte> destination, long offsetBytes);

    /// <summary>Writes bytes, beyond the end too.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="offsetBytes">Where to.</param>
    /// <exception cref="IOException">The store can't. Any part may have been written.</exception>
    void Write(ReadOnlySpan<byte> source, long offsetBytes);

    /// <summary>Reads into several pieces of memory, one after the other; fewer bytes than they hold only at the end.</summary>
    /// <param name="destinations">Where to.</param>
    /// <param name="offsetBytes">Where from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="IOException">The store can't.</exception>
    ValueTask<int> ReadAsync(IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(StoreTransfers.ReadEach(this, destinations, offsetBytes, cancellationToken));

    /// <summary>Writes several pieces of memory, one after the other.</summary>
    /// <param name="sources">Where from.</param>
    /// <param name="offsetBytes">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The store can't. Any part may have been written.</exception>
    ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offsetBytes, CancellationToken cancellationToken)
    {
        StoreTransfers.WriteEach(this, sources, offsetBytes, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns when everything written is durable. Linux: <c>fsync</c>.</summary>
    /// <exception cref="IOException">It isn't, or may not be.</exception>
    void Flush();

    /// <summary>Cuts it off, or has it grow by zeros.</summary>
    /// <param name="lengthBytes">The new length.</param>
    /// <exception cref="IOException">The store can't.</exception>
    void SetLength(long lengthBytes);
}
