namespace FolioRuntime.Platform;

/// <summary>
/// A reservation on Windows. Not run. Pages are committed on demand, which is where the commit limit says no. A reservation can be released only
/// as a whole, so the slack that alignment costs stays reserved until then; it is address space and nothing else.
/// </summary>
internal sealed class WindowsMemoryRegion : MemoryRegion
{
    /// <summary>VirtualAlloc reserves at multiples of this (GetSystemInfo: dwAllocationGranularity, 64 KiB on every version), so smaller alignments need no slack.</summary>
    private const long AllocationGranularityBytes = 64 * 1024;

    public WindowsMemoryRegion(long sizeBytes, long alignmentBytes, int pageBytes)
        : base(sizeBytes, pageBytes)
    {
        var slackBytes = Math.Max(0, alignmentBytes - AllocationGranularityBytes);
        SetHandle(WindowsCalls.Reserve(checked(sizeBytes + slackBytes)));
        Base = ReservationArguments.AlignUp(handle, alignmentBytes);
    }

    /// <summary>Pages committed already keep their content and protection.</summary>
    protected override void CommitCore(long offsetBytes, long lengthBytes) =>
        WindowsCalls.Commit(AddressOf(offsetBytes), lengthBytes);

    /// <summary>
    /// DiscardVirtualMemory takes the pages out of the working set without writing them anywhere and leaves them committed:
    /// readers never fault, and what they read is undefined, hence not known to be zero. Decommitting would give zeros
    /// later but fault until then; MEM_RESET keeps the pages in the working set.
    /// </summary>
    protected override bool DiscardCore(long offsetBytes, long lengthBytes)
    {
        WindowsCalls.Discard(AddressOf(offsetBytes), lengthBytes);
        return false;
    }

    /// <summary>Large pages exist only for memory committed as such from the start, with a privilege, and can't be discarded.</summary>
    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) => false;

    /// <summary>Nothing forks.</summary>
    protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes) => true;

    /// <summary>The kernel writes no cores; what error reporting collects is set for the process, not here.</summary>
    protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes) => false;

    protected override bool ReleaseHandle() => WindowsCalls.TryRelease(handle);

    private nint AddressOf(long offsetBytes) => checked(Base + (nint)offsetBytes);
}
