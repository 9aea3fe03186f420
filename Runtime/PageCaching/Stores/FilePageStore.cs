using Microsoft.Win32.SafeHandles;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>
/// Pages of a file, through the system's own cache. Several pieces of memory are transferred by one call to the system where it can. Thread-safe; owns the file's handle.
/// Source: <c>pread</c>, <c>pwrite</c>, <c>preadv</c>, <c>pwritev</c>, <c>fsync</c>, <c>ftruncate</c>.
/// </summary>
public class FilePageStore : IPageStore
{
    private readonly SafeFileHandle _file;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="mode">What to do if it is there, or isn't. Not <see cref="FileMode.Append"/>.</param>
    /// <param name="access">What is to be done with it.</param>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public FilePageStore(string path, FileMode mode = FileMode.OpenOrCreate, FileAccess access = FileAccess.ReadWrite)
        : this(File.OpenHandle(path, mode, access, FileShare.ReadWrite), path)
    {
    }

    /// <summary>Over an open file, which belongs to the store from here on.</summary>
    private protected FilePageStore(SafeFileHandle file, string path)
    {
        _file = file;
        Path = path;
    }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public long LengthBytes => RandomAccess.GetLength(_file);

    /// <inheritdoc />
    public virtual int AlignmentBytes => 1;

    /// <inheritdoc />
    public int Read(Span<byte> destination, long offsetBytes)
    {
        StoreTransfers.RequireAligned(destination, offsetBytes, AlignmentBytes);
        var done = 0;

        // Ends: each turn reads something, or is the last.
        while (done < destination.Length)
        {
            var read = RandomAccess.Read(_file, destination[done..], offsetBytes + done);
            done += read;

            // Less than a block is the end, and could not be read on from.
            if (read == 0 || read % AlignmentBytes != 0)
                break;
        }

        return done;
    }

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        StoreTransfers.RequireAligned(source, offsetBytes, AlignmentBytes);
        RandomAccess.Write(_file, source, offsetBytes);
    }

    /// <inheritdoc />
    public async ValueTask<int> ReadAsync(IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        var wanted = RequireAligned(destinations, static memory => memory.Span, offsetBytes);
        var done = (int)await RandomAccess.ReadAsync(_file, destinations, offsetBytes, cancellationToken).ConfigureAwait(false);
        if (done == 0 || done == wanted || done % AlignmentBytes != 0)
            return done;

        // The system may stop before the end: what it left is read piece by piece.
        return done + await StoreTransfers.ReadEachAsync(this, After(destinations, done), offsetBytes + done, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offsetBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        RequireAligned(sources, static memory => memory.Span, offsetBytes);
        return RandomAccess.WriteAsync(_file, sources, offsetBytes, cancellationToken);
    }

    /// <inheritdoc />
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <inheritdoc />
    public void SetLength(long lengthBytes) => RandomAccess.SetLength(_file, lengthBytes);

    /// <summary>Closes the file. Idempotent.</summary>
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private long RequireAligned<T>(IReadOnlyList<T> pieces, Func<T, ReadOnlySpan<byte>> bytesOf, long offsetBytes)
    {
        var position = offsetBytes;
        foreach (var piece in pieces)
        {
            var bytes = bytesOf(piece);
            StoreTransfers.RequireAligned(bytes, position, AlignmentBytes);
            position += bytes.Length;
        }

        return position - offsetBytes;
    }

    private static List<Memory<byte>> After(IReadOnlyList<Memory<byte>> pieces, int done)
    {
        var rest = new List<Memory<byte>>();
        foreach (var piece in pieces)
        {
            var skipped = Math.Min(done, piece.Length);
            done -= skipped;
            if (skipped < piece.Length)
                rest.Add(piece[skipped..]);
        }

        return rest;
    }
}
