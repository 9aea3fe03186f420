using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>In place of the runtime's: announces reads and writes of content before it copies.</summary>
internal static class ContentCopy
{
    // SAFETY: the address is compared and printed, never dereferenced; managed memory may move meanwhile.
    public static unsafe void Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        SeamObserver.Current?.ContentRead((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(source)), source.Length);
        source.CopyTo(destination);
    }

    /// <summary>Two writes, so that others may see one half without the other.</summary>
    public static void Write(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var half = source.Length / 2;
        WritePart(source[..half], destination[..half]);
        WritePart(source[half..], destination[half..]);
    }

    // SAFETY: as above.
    private static unsafe void WritePart(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        SeamObserver.Current?.ContentWrite((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(destination)), source.Length);
        source.CopyTo(destination);
    }
}
