using System.Buffers;
using System.IO.Pipelines;
using static FolioRuntime.Tests.Integrations.Conformance.ShortfallException;

namespace FolioRuntime.Tests.Integrations.Conformance;

/// <summary>What a pipe asks of its pool: it rents and returns under its lock, in the middle of a write.</summary>
internal static class MemoryPoolPipeChecks
{
    private const int BytesPerPipe = 300_000;

    public static IReadOnlyList<MemoryPoolCheck> All { get; } =
    [
        new("pipes on several threads carry every byte, whatever is written, read and left", RandomPipes),
        new("after that every block is back", static candidate =>
        {
            Unless(candidate.Outstanding is not null, "it can't be asked");
            Unless(candidate.Outstanding!(RandomPipes(candidate.Create())) == 0, "some are not");
        }),
        new("has a bound, beyond which blocks are plain arrays, and says how many", static candidate =>
        {
            Unless(candidate.CreateBounded is not null, "it has none");
            using var pool = candidate.CreateBounded!();
            var owners = Enumerable.Range(0, 200).Select(_ => pool.Rent(4096)).ToList();
            Unless(owners.TrueForAll(static owner => owner.Memory.Length >= 4096), "short memory");
            var arrays = candidate.Fallbacks!(pool);
            Unless(arrays is > 100 and < 200, "wrong");
            owners.ForEach(static owner => owner.Dispose());
            pool.Rent(4096).Dispose();
            Unless(candidate.Fallbacks(pool) == arrays, "it stays there");
        }),
        new("a pipe goes on past the bound, without a wait or a torn write", static candidate =>
        {
            Unless(candidate.CreateBounded is not null, "it has none");
            using var pool = candidate.CreateBounded!();
            PastTheBound(pool).GetAwaiter().GetResult();
            Unless(candidate.Fallbacks!(pool) > 0, "the bound was not met");
            Unless(candidate.Outstanding!(pool) == 0, "blocks are lost");
        }),
    ];

    private static void RandomPipes(MemoryPoolCandidate candidate)
    {
        using var pool = candidate.Create();
        RandomPipes(pool);
    }

    private static MemoryPool<byte> RandomPipes(MemoryPool<byte> pool)
    {
        var pipes = Enumerable.Range(1, 3).Select(seed => Task.Run(() => Carry(pool, seed)));
        Task.WhenAll(pipes).GetAwaiter().GetResult();
        return pool;
    }

    private static async Task Carry(MemoryPool<byte> pool, int seed)
    {
        var pipe = new Pipe(new PipeOptions(pool, pauseWriterThreshold: 48 * 1024, resumeWriterThreshold: 16 * 1024, useSynchronizationContext: false));
        await Task.WhenAll(Task.Run(() => Write(pipe.Writer, seed)), Task.Run(() => Read(pipe.Reader, seed)));
    }

    private static async Task Write(PipeWriter writer, int seed)
    {
        var random = new Random(seed);
        for (var written = 0L; written < BytesPerPipe;)
        {
            var memory = writer.GetMemory(random.Next(6000));
            var count = (int)Math.Min(random.Next(memory.Length + 1), BytesPerPipe - written);
            for (var i = 0; i < count; i++)
                memory.Span[i] = ByteAt(written + i, seed);
            writer.Advance(count);
            written += count;
            if (random.Next(3) == 0)
                await writer.FlushAsync();
        }

        await writer.CompleteAsync();
    }

    private static async Task Read(PipeReader reader, int seed)
    {
        var random = new Random(-seed);
        var consumed = 0L;
        while (true)
        {
            var result = await reader.ReadAsync();
            var offset = consumed;
            foreach (var segment in result.Buffer)
            {
                for (var i = 0; i < segment.Length; i++)
                    Unless(segment.Span[i] == ByteAt(offset + i, seed), "a wrong byte");
                offset += segment.Length;
            }

            var take = result.IsCompleted ? result.Buffer.Length : random.NextInt64(result.Buffer.Length + 1);
            consumed += take;

            // Either all was looked at, and the next read waits for more, or some is read again at once.
            var end = result.Buffer.GetPosition(take);
            reader.AdvanceTo(end, random.Next(2) == 0 ? result.Buffer.End : end);
            if (result.IsCompleted)
                break;
        }

        await reader.CompleteAsync();
        Unless(consumed == BytesPerPipe, "bytes are missing");
    }

    private static async Task PastTheBound(MemoryPool<byte> pool)
    {
        const int Bytes = 1_000_000;
        var pipe = new Pipe(new PipeOptions(pool, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var sent = new byte[Bytes];
        for (var i = 0; i < Bytes; i++)
            sent[i] = ByteAt(i, 9);
        pipe.Writer.Write(sent);
        await pipe.Writer.CompleteAsync();
        var result = await pipe.Reader.ReadAsync();
        Unless(result.Buffer.Length == Bytes && result.Buffer.ToArray().AsSpan().SequenceEqual(sent), "a wrong byte");
        pipe.Reader.AdvanceTo(result.Buffer.End);
        await pipe.Reader.CompleteAsync();
    }

    private static byte ByteAt(long offset, int seed) => (byte)(((offset * 2654435761L) >> 13) + (seed * 31) + offset);
}
