using System.Buffers;
using System.IO.Pipelines;
using FolioRuntime.Harness;
using FolioRuntime.Integrations.Pipelines;

namespace FolioRuntime.Bench;

/// <summary>
/// What a pipe's reader shows is handed to several consumers, who look at one byte of each piece and let go: by a counted reference each, by an array each, and by one array for all. All on one thread, so
/// that what differs is what the hand-over costs. The baseline is ours.
/// </summary>
internal sealed class FanOutOperations : IDisposable
{
    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 16 << 20, ReservationBytes = 16 << 20, TrimInterval = Timeout.InfiniteTimeSpan });
    private readonly SlabMemoryPool _pool;
    private readonly ReadOnlySequence<byte> _bytes;
    private readonly int _consumers;
    private readonly RetainedSequence[] _retained;
    private readonly byte[][] _copies;
    private int _seen;

    public FanOutOperations(int bytes, int consumers)
    {
        _consumers = consumers;
        _retained = new RetainedSequence[consumers];
        _copies = new byte[consumers][];
        _pool = _runtime.CreateMemoryPool();
        var pipe = new Pipe(new PipeOptions(_pool, pauseWriterThreshold: 0));
        pipe.Writer.Write(new byte[bytes]);
        pipe.Writer.FlushAsync().AsTask().Wait();
        if (!pipe.Reader.TryRead(out var read))
            throw new InvalidOperationException("What was written is there to be read.");
        _bytes = read.Buffer;
        Baseline = $"retain, {bytes} bytes to {consumers}";
        All =
        [
            new TimedOperation(Baseline, Retain),
            new TimedOperation($"copy each, {bytes} bytes to {consumers}", CopyEach),
            new TimedOperation($"copy once, {bytes} bytes to {consumers}", CopyOnce),
        ];
    }

    /// <summary>What is measured: bytes, and to how many.</summary>
    public static IReadOnlyList<(int Bytes, int Consumers)> Sizes { get; } = [(256, 4), (4096, 1), (4096, 4), (4096, 16), (65536, 4)];

    public string Baseline { get; }

    public IReadOnlyList<TimedOperation> All { get; }

    public void Dispose()
    {
        _pool.Dispose();
        _runtime.Dispose();
    }

    private void Retain(int count)
    {
        for (var i = 0; i < count; i++)
        {
            for (var consumer = 0; consumer < _consumers; consumer++)
                _retained[consumer] = _bytes.Retain();
            foreach (var retained in _retained)
            {
                foreach (var piece in retained.Sequence)
                    _seen += piece.Span[0];
                retained.Dispose();
            }
        }
    }

    private void CopyEach(int count)
    {
        for (var i = 0; i < count; i++)
        {
            for (var consumer = 0; consumer < _consumers; consumer++)
                _copies[consumer] = _bytes.ToArray();
            foreach (var copy in _copies)
                Look(copy);
        }
    }

    private void CopyOnce(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Array.Fill(_copies, _bytes.ToArray());
            foreach (var copy in _copies)
                Look(copy);
        }
    }

    private void Look(byte[] copy)
    {
        for (var at = 0; at < copy.Length; at += SlabMemoryPool.DefaultBlockBytes)
            _seen += copy[at];
    }
}
