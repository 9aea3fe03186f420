namespace FolioRuntime.Platform;

/// <summary>
/// A mapping on Linux. The constants are those of asm-generic/mman-common.h, which x64 and arm64 both use unchanged.
/// </summary>
internal sealed class LinuxMemoryRegion(long sizeBytes, long alignmentBytes, int pageBytes)
    : UnixMemoryRegion(sizeBytes, alignmentBytes, pageBytes, UnixCalls.MapPrivate | MapAnonymous | MapNoReserve)
{
    /// <summary>Frees anonymous private memory at once; the next touch finds zeros.</summary>
    public const int AdviceDontNeed = 4;

    private const int MapAnonymous = 0x20;

    /// <summary>No swap is set aside for the range. Overcommit mode 2 ignores this, and then counts pages as they are committed.</summary>
    private const int MapNoReserve = 0x4000;

    private const int MapHugeTlb = 0x4_0000;
    private const int MapHuge2Mib = 21 << 26;
    private const int AdviceDontFork = 10;
    private const int AdviceHugePage = 14;
    private const int AdviceDontDump = 16;

    /// <summary>From here on mappings of huge pages can be moved.</summary>
    private static readonly bool s_canMoveHuge = OperatingSystem.IsOSPlatformVersionAtLeast("Linux", 5, 16);

    public override bool DiscardsToZero => true;

    /// <summary>
    /// Mapped elsewhere first and moved here whole: if there are not enough pages nothing has happened to the range, whose addresses must not be free for a moment. The mapping
    /// reserves the pages, so that no later touch finds none.
    /// </summary>
    protected override bool TryCommitHugeCore(long offsetBytes, long lengthBytes) =>
        s_canMoveHuge
        && UnixCalls.TryMapForUse(lengthBytes, UnixCalls.MapPrivate | MapAnonymous | MapHugeTlb | MapHuge2Mib, out var mapped)
        && LinuxCalls.TryMoveOrUnmap(mapped, lengthBytes, AddressOf(offsetBytes));

    /// <summary>
    /// Discarding would leave the pages promised to this mapping, so that nobody had anything of it; and before Linux 6.10 it lost the promise, so that a later touch could find none and end
    /// the process. Mapped elsewhere first for the same reasons as above.
    /// </summary>
    protected override bool TryReplaceHugeCore(long offsetBytes, long lengthBytes) =>
        UnixCalls.TryMapForUse(lengthBytes, UnixCalls.MapPrivate | MapAnonymous | MapNoReserve, out var mapped)
        && LinuxCalls.TryMoveOrUnmap(mapped, lengthBytes, AddressOf(offsetBytes));

    /// <summary>MADV_DONTNEED frees anonymous memory at once, and the next touch finds zeros; the mapping is never absent.</summary>
    protected override bool DiscardCore(long offsetBytes, long lengthBytes)
    {
        UnixCalls.Advise(AddressOf(offsetBytes), lengthBytes, AdviceDontNeed, "MADV_DONTNEED");
        return true;
    }

    /// <summary>A kernel built without transparent huge pages refuses the advice as unknown, which is an answer and no failure.</summary>
    protected override bool AdviseHugePagesCore(long offsetBytes, long lengthBytes) =>
        UnixCalls.TryAdvise(AddressOf(offsetBytes), lengthBytes, AdviceHugePage, "MADV_HUGEPAGE");

    /// <summary>A container may forbid the call, and a kernel may be built without nodes: the pages then come from where they are first touched, if they can.</summary>
    protected override bool PreferNodeCore(long offsetBytes, long lengthBytes, int systemNode) =>
        LinuxCalls.TryPreferNode(AddressOf(offsetBytes), lengthBytes, systemNode);

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
