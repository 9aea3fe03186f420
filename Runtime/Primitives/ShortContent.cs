using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FolioRuntime.Primitives;

/// <summary>
/// The part of the seam (<see cref="Atomics"/>) that holds a few bytes of content which others may change meanwhile, in two vectors that may overlap, until they are validated. Only then they are stored, so a reader's memory
/// never has what isn't one content.
/// <code>
///   16 … 31 bytes:  first 16, last 16        32 … 64 bytes:  first 32, last 32
/// </code>
/// </summary>
internal readonly struct ShortContent
{
    private const int LeastBytes = 16;
    private const int MostBytes = 64;

    private readonly Vector256<byte> _first;
    private readonly Vector256<byte> _last;

    private ShortContent(Vector256<byte> first, Vector256<byte> last)
    {
        _first = first;
        _last = last;
    }

    /// <summary>Whether so many bytes can be held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(int lengthBytes) => (uint)lengthBytes - LeastBytes <= MostBytes - LeastBytes;

    /// <summary>Reads all of the source, whose length <see cref="Fits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortContent Load(ReadOnlySpan<byte> source)
    {
        Invariant.Check(Fits(source.Length), "what is held fits");
        ref var from = ref MemoryMarshal.GetReference(source);
        var last = (uint)source.Length;
        return last >= Vector256<byte>.Count
            ? new(Vector256.LoadUnsafe(ref from), Vector256.LoadUnsafe(ref from, last - (uint)Vector256<byte>.Count))
            : new(Vector128.LoadUnsafe(ref from).ToVector256Unsafe(), Vector128.LoadUnsafe(ref from, last - (uint)Vector128<byte>.Count).ToVector256Unsafe());
    }

    /// <summary>Stores it.</summary>
    /// <param name="destination">As long as what was loaded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Span<byte> destination)
    {
        ref var to = ref MemoryMarshal.GetReference(destination);
        var last = (uint)destination.Length;
        if (last >= Vector256<byte>.Count)
        {
            _first.StoreUnsafe(ref to);
            _last.StoreUnsafe(ref to, last - (uint)Vector256<byte>.Count);
            return;
        }

        _first.GetLower().StoreUnsafe(ref to);
        _last.GetLower().StoreUnsafe(ref to, last - (uint)Vector128<byte>.Count);
    }
}
