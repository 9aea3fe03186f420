using System.Runtime.InteropServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.Serve.Servers;

/// <summary>
/// Whether the bytes that handlers see lie in a runtime's memory. That memory is one pinned array, which any folio of the runtime shows; a buffer is the runtime's
/// if its first and last byte lie between the array's ends. Buffers are looked at as they come from the request's reader and the response's writer, on one request in
/// <see cref="SampleInterval"/>. Thread-safe.
/// </summary>
internal sealed class AddressProof
{
    public const int SampleInterval = 8;

    private readonly nint _start;
    private readonly nint _end;
    private long _requests;
    private long _inside;
    private long _outside;

    /// <param name="runtime">Over pinned arrays.</param>
    /// <exception cref="InvalidOperationException">Its memory has no array behind it.</exception>
    public AddressProof(PoolRuntime runtime)
    {
        using var folio = runtime.Folios.AllocateOwner(new PageOrder(0));
        if (!MemoryMarshal.TryGetArray<byte>(folio.Memory, out var segment))
            throw new InvalidOperationException("The runtime's memory has no array behind it.");
        _start = Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, 0);
        _end = _start + segment.Array!.Length;
    }

    /// <summary>Buffers in the runtime's memory.</summary>
    public long Inside => Interlocked.Read(ref _inside);

    /// <summary>Buffers elsewhere.</summary>
    public long Outside => Interlocked.Read(ref _outside);

    /// <summary>Whether this request's buffers are to be looked at.</summary>
    public bool Samples() => Interlocked.Increment(ref _requests) % SampleInterval == 0;

    public unsafe void Look(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty)
            return;

        // SAFETY: the address is compared, never followed, and pinned while it is.
        fixed (byte* first = buffer)
        {
            var isInside = (nint)first >= _start && (nint)first + buffer.Length <= _end;
            Interlocked.Increment(ref isInside ? ref _inside : ref _outside);
        }
    }
}
