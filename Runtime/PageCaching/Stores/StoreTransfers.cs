namespace FolioRuntime.PageCaching.Stores;

/// <summary>What transfers of stores have in common. Stateless.</summary>
internal static class StoreTransfers
{
    /// <summary>Reads into several pieces of memory, one after the other, each by one read.</summary>
    /// <returns>How many bytes were read.</returns>
    public static int ReadEach(IPageStore store, IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        var done = 0;
        foreach (var destination in destinations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = store.Read(destination.Span, offsetBytes + done);
            done += read;
            if (read < destination.Length)
                break;
        }

        return done;
    }

    /// <summary>Writes several pieces of memory, one after the other, each by one write.</summary>
    public static void WriteEach(IPageStore store, IReadOnlyList<ReadOnlyMemory<byte>> sources, long offsetBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var done = 0L;
        foreach (var source in sources)
        {
            cancellationToken.ThrowIfCancellationRequested();
            store.Write(source.Span, offsetBytes + done);
            done += source.Length;
        }
    }

    /// <summary>As <see cref="ReadEach"/>, on a thread of the pool.</summary>
    public static ValueTask<int> ReadEachAsync(IPageStore store, IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken) =>
        new(Task.Run(() => ReadEach(store, destinations, offsetBytes, cancellationToken), cancellationToken));

    /// <summary>As <see cref="WriteEach"/>, on a thread of the pool.</summary>
    public static ValueTask WriteEachAsync(IPageStore store, IReadOnlyList<ReadOnlyMemory<byte>> sources, long offsetBytes, CancellationToken cancellationToken) =>
        new(Task.Run(() => WriteEach(store, sources, offsetBytes, cancellationToken), cancellationToken));

    /// <summary>Requires that a transfer is aligned as a store says.</summary>
    /// <exception cref="ArgumentException">It isn't. Nothing was transferred.</exception>
    public static unsafe void RequireAligned(ReadOnlySpan<byte> memory, long offsetBytes, int alignmentBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);

        // SAFETY: only the address is looked at.
        fixed (byte* address = memory)
        {
            if (((nuint)address | (nuint)memory.Length | (nuint)offsetBytes) % (nuint)alignmentBytes != 0)
                throw new ArgumentException($"{memory.Length} bytes at {offsetBytes}: offset, length and memory must be multiples of {alignmentBytes}.", nameof(memory));
        }
    }
}
