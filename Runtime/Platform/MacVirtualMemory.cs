namespace FolioRuntime.Platform;

/// <summary>macOS, by mmap, mprotect, madvise and minherit. Compiled and reviewed, not run.</summary>
internal sealed class MacVirtualMemory : IVirtualMemory
{
    /// <inheritdoc/>
    public int PageBytes { get; } = Environment.SystemPageSize;

    /// <inheritdoc/>
    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes) =>
        new MacMemoryRegion(sizeBytes, ReservationArguments.Require(sizeBytes, alignmentBytes, PageBytes), PageBytes);
}
