using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Folios;

namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// CONTROL: a look-up as the kernel's, over an index whose words are places of frames and not handles. Whoever lives there by the time it gets a reference is taken for the page; that the index still says so has
/// to be looked at afterwards, and is not.
/// <code>
///   find: page ─► frame     get: frame ─► reference on whatever lives there     recheck: page ─► the same folio?
/// </code>
/// </summary>
internal sealed class UncheckedLookUp(PoolRuntime runtime, bool rechecks) : IPageReader
{
    public const string Name = "lookup-without-recheck";

    // Who was last seen in a frame, whatever page it is.
    private readonly ConcurrentDictionary<nint, FolioHandle> _tenants = new();

    public bool TryRead(VerifiedFile file, int page, int within, Span<byte> destination, Action pause)
    {
        var found = file.Mapping.GetFolio(page);
        var frame = AddressOf(found.Bytes);
        _tenants[frame] = found.Handle;
        found.Dispose();
        pause();
        if (!runtime.Folios.TryGet(_tenants[frame], out var folio))
            return false;
        var isSame = !rechecks;
        if (rechecks && file.Mapping.TryGetFolio(page, out var again))
        {
            isSame = again.Handle == folio.Handle;
            again.Dispose();
        }

        folio.Bytes.Slice(within, destination.Length).CopyTo(destination);
        folio.Dispose();
        return isSame;
    }

    // SAFETY: compared and looked up, never followed; native memory doesn't move.
    private static unsafe nint AddressOf(Span<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
}
