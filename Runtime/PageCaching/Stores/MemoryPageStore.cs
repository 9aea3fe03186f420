using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching.Stores;

/// <summary>Pages in managed memory, for tests and for what need not last. What was never written takes none. Thread-safe. Linux: <c>tmpfs</c>.</summary>
/// <param name="lengthBytes">Its length at first; zeros.</param>
public sealed class MemoryPageStore(long lengthBytes = 0) : IPageStore
{
    private const int ChunkBytes = 1 << 16;

    // Both under it.
    private readonly Latch _latch = new();
    private readonly Dictionary<long, byte[]> _chunks = [];
    private long _length = lengthBytes >= 0 ? lengthBytes : throw new ArgumentOutOfRangeException(nameof(lengthBytes), lengthBytes, "A length is not below zero.");
    private bool _disposed;

    /// <inheritdoc />
    public long LengthBytes
    {
        get
        {
            using (_latch.Hold())
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _length;
            }
        }
    }

    /// <inheritdoc />
    public int AlignmentBytes => 1;

    /// <inheritdoc />
    public int Read(Span<byte> destination, long offsetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var count = (int)Math.Clamp(_length - offsetBytes, 0, destination.Length);
            for (var done = 0; done < count;)
            {
                var (chunk, within) = Math.DivRem(offsetBytes + done, ChunkBytes);
                var part = destination[done..Math.Min(count, done + ChunkBytes - (int)within)];
                if (_chunks.TryGetValue(chunk, out var bytes))
                    bytes.AsSpan((int)within, part.Length).CopyTo(part);
                else
                    part.Clear();
                done += part.Length;
            }

            return count;
        }
    }

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (var done = 0; done < source.Length;)
            {
                var (chunk, within) = Math.DivRem(offsetBytes + done, ChunkBytes);
                var part = source[done..Math.Min(source.Length, done + ChunkBytes - (int)within)];
                if (!_chunks.TryGetValue(chunk, out var bytes))
                    _chunks.Add(chunk, bytes = new byte[ChunkBytes]);
                part.CopyTo(bytes.AsSpan((int)within));
                done += part.Length;
            }

            _length = Math.Max(_length, offsetBytes + source.Length);
        }
    }

    /// <summary>Does nothing: memory doesn't last, and what is written is there at once.</summary>
    public void Flush()
    {
        using (_latch.Hold())
            ObjectDisposedException.ThrowIf(_disposed, this);
    }

    /// <inheritdoc />
    public void SetLength(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            foreach (var chunk in lengthBytes < _length ? _chunks.Keys.Where(chunk => (chunk + 1) * ChunkBytes > lengthBytes).ToArray() : [])
            {
                if (chunk * ChunkBytes >= lengthBytes)
                    _chunks.Remove(chunk);
                else
                    _chunks[chunk].AsSpan((int)(lengthBytes - (chunk * ChunkBytes))).Clear();
            }

            _length = lengthBytes;
        }
    }

    /// <summary>Lets go of the memory. Idempotent.</summary>
    public void Dispose()
    {
        using (_latch.Hold())
        {
            _disposed = true;
            _chunks.Clear();
        }
    }
}
