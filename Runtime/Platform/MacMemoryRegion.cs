using System.Runtime.InteropServices;

namespace FolioRuntime.Platform;

/// <summary>A mapping on macOS. The constants are those of its sys/mman.h, the same on x64 and arm64. Not run.</summary>
internal sealed partial class MacMemoryRegion(long sizeBytes, long alignmentBytes, int pageBytes)
    : UnixMemoryRegion(sizeBytes, alignmentBytes, pageBytes, UnixCalls.MapPrivate | MapAnonymous | MapNoReserve)
{
    private const int MapNoReserve = 0x40;
    private const int MapAnonymous = 0x1000;
    private const int AdviceFree = 5;
    private const int InheritNone = 2;

    /// <summary>
    /// MADV_FREE lets the kernel take the pages when it needs them; until then they hold their old content, so they are
    /// not known to be zero. MADV_DONTNEED gives nothing back here. Mapping fresh pages over the range would give zeros,
    /// but loses what <see cref="MemoryRegion.ExcludeFromFork"/> set, and if it fails half way readers could fault.
    /// MADV_FREE_REUSABLE shows in the footprint at once but wants a second call before each reuse.
    /// </summary>
    protected override bool DiscardCore(long offsetBytes, long lengthBytes)
    {
        UnixCalls.Advise(AddressOf(offsetBytes), lengthBytes, AdviceFree, "MADV_FREE");
        return false;
    }

    /// <summary>Superpages exist only for mappings made as such, on x64.</summary>
    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) => false;

    protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes)
    {
        if (Inherit(AddressOf(offsetBytes), (nuint)lengthBytes, InheritNone) != 0)
            throw UnixCalls.Failure("minherit(VM_INHERIT_NONE)", lengthBytes);
        return true;
    }

    /// <summary>No such advice.</summary>
    protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes) => false;

    [LibraryImport("libc", EntryPoint = "minherit", SetLastError = true)]
    private static partial int Inherit(nint address, nuint sizeBytes, int inheritance);
}
