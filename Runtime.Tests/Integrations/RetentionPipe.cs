using System.Buffers;
using System.IO.Pipelines;

namespace FolioRuntime.Tests.Integrations;

/// <summary>A pipe whose bytes are retained, as tests write and read it.</summary>
internal static class RetentionPipe
{
    public static Pipe Over(MemoryPool<byte> pool) => new(new PipeOptions(pool, pauseWriterThreshold: 0, useSynchronizationContext: false));

    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Writes a pattern, or one byte again and again, in pieces as a pipe's memory comes. Returns what was written.</summary>
    public static async Task<byte[]> WriteAsync(Pipe pipe, int length, byte? value = null)
    {
        var bytes = value is { } one ? Enumerable.Repeat(one, length).ToArray() : Pattern(length);
        await pipe.Writer.WriteAsync(bytes);
        return bytes;
    }

    /// <summary>Has bytes go through the pipe, so that the blocks that are free are used again.</summary>
    public static async Task PassAsync(Pipe pipe, int length)
    {
        for (var passed = 0; passed < length; passed += 5000)
        {
            await WriteAsync(pipe, 5000, value: 0xEE);
            var read = await pipe.Reader.ReadAsync();
            pipe.Reader.AdvanceTo(read.Buffer.End);
        }
    }

    public static async Task CompleteAsync(Pipe pipe)
    {
        await pipe.Writer.CompleteAsync();
        await pipe.Reader.CompleteAsync();
    }

    public static int[] PieceLengths(ReadOnlySequence<byte> bytes)
    {
        var lengths = new List<int>();
        foreach (var piece in bytes)
        {
            if (!piece.IsEmpty)
                lengths.Add(piece.Length);
        }

        return [.. lengths];
    }

    // SAFETY: the caller holds the pin.
    public static unsafe byte ByteAt(MemoryHandle pin) => *(byte*)pin.Pointer;
}
