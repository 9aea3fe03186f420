using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FolioRuntime.Caching.Verifying;

/// <summary>CONTROL: an optimistic read that finds a page, copies bytes from where it was, and doesn't ask whether it still is.</summary>
internal sealed class UnvalidatedRead(PoolRuntime runtime, bool validates) : IPageReader
{
    public const string Name = "optimistic-without-validation";

    public bool TryRead(VerifiedFile file, int page, int within, Span<byte> destination, Action pause)
    {
        var found = file.Mapping.GetFolio(page);
        var (handle, address) = (found.Handle, AddressOf(found.Bytes));
        found.Dispose();
        pause();
        if (validates)
            return runtime.Folios.TryRead(handle, within, destination);
        Copy(address + within, destination);
        return true;
    }

    // SAFETY: the runtime is disposed after all reads; until then its committed memory stays mapped, whoever it belongs to.
    private static unsafe void Copy(nint address, Span<byte> destination) => new ReadOnlySpan<byte>((void*)address, destination.Length).CopyTo(destination);

    private static unsafe nint AddressOf(Span<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
}
