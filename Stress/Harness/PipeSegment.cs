using System.Buffers;

namespace FolioRuntime.Harness;

/// <summary>A segment as a pipe makes it: its sequence can be walked through without asking the memory's owner, who may have been disposed.</summary>
public sealed class PipeSegment : ReadOnlySequenceSegment<byte>
{
    private PipeSegment(ReadOnlyMemory<byte> memory) => Memory = memory;

    /// <summary>The memory as a reader shows it.</summary>
    public static ReadOnlySequence<byte> SequenceOf(ReadOnlyMemory<byte> memory)
    {
        var segment = new PipeSegment(memory);
        return new ReadOnlySequence<byte>(segment, 0, segment, memory.Length);
    }
}
