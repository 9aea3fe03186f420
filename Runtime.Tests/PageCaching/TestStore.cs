using FolioRuntime.PageCaching;

namespace FolioRuntime.Tests.PageCaching;

/// <summary>Bytes in an array, byte <c>i</c> of them made from the file's number and <c>i</c>. It fails, or waits, when it is told to.</summary>
internal sealed class TestStore : IPageStore
{
    private readonly object _sync = new();
    private readonly int _file;
    private byte[] _bytes;
    private int _reads;
    private int _writes;
    private int _flushes;
    private int _disposals;

    public TestStore(long lengthBytes, int file = 1)
    {
        _file = file;
        _bytes = new byte[lengthBytes];
        for (var i = 0; i < _bytes.Length; i++)
            _bytes[i] = ByteAt(i, file);
    }

    public long LengthBytes => Forced ?? _bytes.Length;

    /// <summary>A length that it only says it has.</summary>
    public long? Forced { get; init; }

    public int AlignmentBytes { get; init; } = 1;

    public int Reads => Volatile.Read(ref _reads);

    public int Writes => Volatile.Read(ref _writes);

    public int Flushes => Volatile.Read(ref _flushes);

    public int Disposals => Volatile.Read(ref _disposals);

    /// <summary>What the next reads throw; null: nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What the next writes and flushes throw; null: nothing.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>What its disposal throws; null: nothing.</summary>
    public Exception? DisposalFailure { get; init; }

    /// <summary>Run by each write before anything.</summary>
    public Action<long>? OnWrite { get; set; }

    /// <summary>Run by each read before anything, when something is to happen just then.</summary>
    public Action? OnRead { get; set; }

    /// <summary>What asynchronous reads wait for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static byte ByteAt(long position, int file = 1) => (byte)((position * 31) + (position >> 12) + (file * 101));

    public int Read(Span<byte> destination, long offsetBytes)
    {
        Interlocked.Increment(ref _reads);
        OnRead?.Invoke();
        ObjectDisposedException.ThrowIf(Disposals != 0, this);
        if (Failure is { } failure)
            throw failure;
        lock (_sync)
        {
            var count = (int)Math.Clamp(_bytes.Length - offsetBytes, 0, destination.Length);
            _bytes.AsSpan((int)Math.Min(offsetBytes, _bytes.Length), count).CopyTo(destination);
            return count;
        }
    }

    public async ValueTask<int> ReadAsync(IReadOnlyList<Memory<byte>> destinations, long offsetBytes, CancellationToken cancellationToken)
    {
        await Gate;

        // In one read, whatever it goes to.
        var bytes = new byte[destinations.Sum(destination => destination.Length)];
        var read = Read(bytes, offsetBytes);
        var done = 0;
        foreach (var destination in destinations)
        {
            bytes.AsSpan(done, destination.Length).CopyTo(destination.Span);
            done += destination.Length;
        }

        return read;
    }

    public void Write(ReadOnlySpan<byte> source, long offsetBytes)
    {
        Interlocked.Increment(ref _writes);
        OnWrite?.Invoke(offsetBytes);
        ObjectDisposedException.ThrowIf(Disposals != 0, this);
        if (WriteFailure is { } failure)
            throw failure;
        lock (_sync)
        {
            if (_bytes.Length < offsetBytes + source.Length)
                Array.Resize(ref _bytes, (int)offsetBytes + source.Length);
            source.CopyTo(_bytes.AsSpan((int)offsetBytes));
        }
    }

    public void Flush()
    {
        Interlocked.Increment(ref _flushes);
        if (WriteFailure is { } failure)
            throw failure;
    }

    /// <summary>What it holds now.</summary>
    public byte[] ToArray()
    {
        lock (_sync)
            return [.. _bytes];
    }

    public void SetLength(long lengthBytes)
    {
        if (Failure is { } failure)
            throw failure;
        lock (_sync)
            Array.Resize(ref _bytes, (int)lengthBytes);
    }

    public void Dispose()
    {
        Interlocked.Increment(ref _disposals);
        if (DisposalFailure is { } failure)
            throw failure;
    }

    public override string ToString() => $"file {_file}";
}
