using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>In place of the runtime's: announces the read of content before it copies.</summary>
internal static class ContentCopy
{
    // SAFETY: the address is compared and printed, never dereferenced; managed memory may move meanwhile.
    public static unsafe void Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        SeamObserver.Current?.ContentRead((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(source)), source.Length);
        source.CopyTo(destination);
    }
}
