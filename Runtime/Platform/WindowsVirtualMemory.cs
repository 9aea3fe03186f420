namespace FolioRuntime.Platform;

/// <summary>Windows, by VirtualAlloc, DiscardVirtualMemory and VirtualFree. Compiled and reviewed, not run.</summary>
internal sealed class WindowsVirtualMemory : IVirtualMemory
{
    /// <inheritdoc/>
    public int PageBytes { get; } = Environment.SystemPageSize;

    /// <inheritdoc/>
    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes) =>
        new WindowsMemoryRegion(sizeBytes, ReservationArguments.Require(sizeBytes, alignmentBytes, PageBytes), PageBytes);
}
