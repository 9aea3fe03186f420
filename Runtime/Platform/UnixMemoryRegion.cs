namespace FolioRuntime.Platform;

/// <summary>
/// An anonymous private mapping: what regions on Linux and macOS have in common. It is mapped without access, which costs
/// address space and nothing else, and committed by granting access, so that a system that counts commitments refuses
/// here, with an error, and not later, with a signal.
/// <code>
///   mapped:   |  head  |Base ......... Base + SizeBytes|  tail  |    size + alignment - page
///   kept:              |Base ......... Base + SizeBytes|             head and tail are unmapped again
/// </code>
/// </summary>
internal abstract class UnixMemoryRegion : MemoryRegion
{
    protected UnixMemoryRegion(long sizeBytes, long alignmentBytes, int pageBytes, int mapFlags)
        : base(sizeBytes, pageBytes)
    {
        var mappedBytes = checked(sizeBytes + alignmentBytes - pageBytes);
        var mapped = UnixCalls.Reserve(mappedBytes, mapFlags);
        Base = ReservationArguments.AlignUp(mapped, alignmentBytes);
        Trim(mapped, mappedBytes);
        SetHandle(Base);
    }

    protected sealed override void CommitCore(long offsetBytes, long lengthBytes) =>
        UnixCalls.ProtectForUse(AddressOf(offsetBytes), lengthBytes);

    protected nint AddressOf(long offsetBytes) => checked(Base + (nint)offsetBytes);

    // Nobody is there to catch an exception: a false return is all a release can say, and the address space is then lost.
    protected sealed override bool ReleaseHandle() => UnixCalls.TryUnmap(handle, SizeBytes);

    private void Trim(nint mapped, long mappedBytes)
    {
        var end = checked(mapped + (nint)mappedBytes);
        var regionEnd = checked(Base + (nint)SizeBytes);
        // What is still mapped begins here: another thread's mapping may already stand where the head was.
        var start = mapped;
        try
        {
            if (start != Base)
                UnixCalls.Unmap(start, Base - start);
            start = Base;
            if (regionEnd != end)
                UnixCalls.Unmap(regionEnd, end - regionEnd);
        }
        catch (VirtualMemoryException)
        {
            _ = UnixCalls.TryUnmap(start, end - start);
            throw;
        }
    }
}
