using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Primitives;

/// <summary>
/// Where the laboratory's weaver has plain accesses announced: it puts a call to one of these before each, or a copy in place of one.
/// Nothing in the sources calls them.
/// </summary>
internal static class PlainAccess
{
    public static void Read(nint address, int sizeBytes, string what) => SeamObserver.Current?.PlainRead(address, sizeBytes, what);

    public static void Write(nint address, int sizeBytes, string what) => SeamObserver.Current?.PlainWrite(address, sizeBytes, what);

    public static void Copy<T>(ref Span<T> source, Span<T> destination)
    {
        Announce<T>(source);
        source.CopyTo(destination);
    }

    public static void Copy<T>(ref ReadOnlySpan<T> source, Span<T> destination)
    {
        Announce(source);
        source.CopyTo(destination);
    }

    // SAFETY: the address is compared and printed, never dereferenced; managed memory may move meanwhile.
    private static unsafe void Announce<T>(ReadOnlySpan<T> source) =>
        SeamObserver.Current?.ContentRead((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(source)), source.Length * Unsafe.SizeOf<T>());
}
