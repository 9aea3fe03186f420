namespace FolioRuntime.Platform;

/// <summary>Keeps a region from being released for the length of one operation on it.</summary>
internal readonly ref struct RegionHold
{
    private readonly MemoryRegion _region;

    /// <exception cref="ObjectDisposedException">The region is closed.</exception>
    public RegionHold(MemoryRegion region)
    {
        _region = region;
        var held = false;
        region.DangerousAddRef(ref held);
    }

    public void Dispose() => _region.DangerousRelease();
}
