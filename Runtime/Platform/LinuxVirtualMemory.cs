namespace FolioRuntime.Platform;

/// <summary>Linux, by mmap, mprotect and madvise. Run and tested on x64; arm64 has the same constants but was not run.</summary>
internal sealed class LinuxVirtualMemory : IVirtualMemory
{
    /// <inheritdoc/>
    public int PageBytes { get; } = Environment.SystemPageSize;

    /// <inheritdoc/>
    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes) =>
        new LinuxMemoryRegion(sizeBytes, ReservationArguments.Require(sizeBytes, alignmentBytes, PageBytes), PageBytes);
}
