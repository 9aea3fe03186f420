namespace FolioRuntime.Platform;

/// <summary>
/// A mapping on Linux. The constants are those of asm-generic/mman-common.h, which x64 and arm64 both use unchanged.
/// </summary>
internal sealed class LinuxMemoryRegion(long sizeBytes, long alignmentBytes, int pageBytes)
    : UnixMemoryRegion(sizeBytes, alignmentBytes, pageBytes, UnixCalls.MapPrivate | MapAnonymous | MapNoReserve)
{
    private const int MapAnonymous = 0x20;

    /// <summary>No swap is set aside for the range. Overcommit mode 2 ignores this, and then counts pages as they are committed.</summary>
    private const int MapNoReserve = 0x4000;

    private const int AdviceDontNeed = 4;
    private const int AdviceDontFork = 10;
    private const int AdviceHugePage = 14;
    private const int AdviceDontDump = 16;

    public override bool DiscardsToZero => true;

    /// <summary>MADV_DONTNEED frees anonymous memory at once, and the next touch finds zeros; the mapping is never absent.</summary>
    protected override bool DiscardCore(long offsetBytes, long lengthBytes)
    {
        UnixCalls.Advise(AddressOf(offsetBytes), lengthBytes, AdviceDontNeed, "MADV_DONTNEED");
        return true;
    }

    /// <summary>A kernel built without transparent huge pages refuses the advice as unknown, which is an answer and no failure.</summary>
    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) =>
        UnixCalls.TryAdvise(AddressOf(offsetBytes), lengthBytes, AdviceHugePage, "MADV_HUGEPAGE");

    protected override bool ExcludeFromForkCore(long offsetBytes, long lengthBytes)
    {
        UnixCalls.Advise(AddressOf(offsetBytes), lengthBytes, AdviceDontFork, "MADV_DONTFORK");
        return true;
    }

    protected override bool ExcludeFromDumpCore(long offsetBytes, long lengthBytes)
    {
        UnixCalls.Advise(AddressOf(offsetBytes), lengthBytes, AdviceDontDump, "MADV_DONTDUMP");
        return true;
    }
}
