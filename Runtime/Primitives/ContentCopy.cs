using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FolioRuntime.Primitives;

/// <summary>
/// The part of the seam (<see cref="Atomics"/>) that copies content which others may change meanwhile, so that the copy is worth nothing until it is validated. Few bytes are
/// expected: 16 to 64 are copied in line, by two vectors that may overlap, and others by the runtime's own copy, which is a call.
/// </summary>
internal static class ContentCopy
{
    /// <summary>Copies all of the source, which doesn't overlap the destination.</summary>
    /// <param name="source">Content.</param>
    /// <param name="destination">As long; nobody else's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Invariant.Check(source.Length == destination.Length, "what is copied is as long as its copy");
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var lengthBytes = (uint)source.Length;
        if (lengthBytes - 32 <= 32)
        {
            var first = Vector256.LoadUnsafe(ref from);
            var last = Vector256.LoadUnsafe(ref from, lengthBytes - 32);
            first.StoreUnsafe(ref to);
            last.StoreUnsafe(ref to, lengthBytes - 32);
        }
        else if (lengthBytes - 16 < 16)
        {
            var first = Vector128.LoadUnsafe(ref from);
            var last = Vector128.LoadUnsafe(ref from, lengthBytes - 16);
            first.StoreUnsafe(ref to);
            last.StoreUnsafe(ref to, lengthBytes - 16);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(ref to, ref from, lengthBytes);
        }
    }

    /// <summary>Copies into content that others may read meanwhile, and validate what they read.</summary>
    /// <param name="source">Nobody else's to change.</param>
    /// <param name="destination">Content, as long.</param>
    public static void Write(ReadOnlySpan<byte> source, Span<byte> destination) => source.CopyTo(destination);
}
