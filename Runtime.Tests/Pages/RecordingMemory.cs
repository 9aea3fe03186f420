using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Pages;

/// <summary>Remembers the regions it handed out, so that a test can ask the kernel about them; can pretend to refuse large ones, or to have large pages.</summary>
internal sealed class RecordingMemory(IVirtualMemory inner, long largestBytes = long.MaxValue) : IVirtualMemory
{
    public List<MemoryRegion> Regions { get; } = [];

    public int PageBytes { get; init; } = inner.PageBytes;

    public MemoryRegion Reserve(long sizeBytes, long alignmentBytes)
    {
        if (sizeBytes > largestBytes)
            throw new VirtualMemoryException("pretended", sizeBytes, errorCode: 12);
        var region = inner.Reserve(sizeBytes, alignmentBytes);
        Regions.Add(region);
        return region;
    }
}
