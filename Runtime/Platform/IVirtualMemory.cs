namespace FolioRuntime.Platform;

/// <summary>
/// Where memory comes from: the whole contract between the runtime and what lies below it. Implementations hold no state
/// of their own, so one may serve any number of runtimes and threads; what has to be freed is the
/// <see cref="MemoryRegion"/> that <see cref="Reserve"/> returns.
/// </summary>
internal interface IVirtualMemory
{
    /// <summary>
    /// Bytes in the unit of commit and discard, a power of two. Asked of the system and not assumed: 4 KiB on x64 and most
    /// arm64 Linux, 16 or 64 KiB on some arm64 Linux, 16 KiB on Apple silicon.
    /// </summary>
    int PageBytes { get; }

    /// <summary>
    /// Reserves address space; nothing in it may be touched before it is committed. Where address space can't be had without
    /// memory (<see cref="PinnedArrayMemory"/>) the memory comes now.
    /// </summary>
    /// <param name="sizeBytes">More than 0, a multiple of <see cref="PageBytes"/>.</param>
    /// <param name="alignmentBytes">A power of two that the region's base is a multiple of; at least a page is given.</param>
    /// <returns>The region, owned by the caller and freed when disposed or when the last reference to it is gone.</returns>
    /// <exception cref="VirtualMemoryException">The system refused. Nothing stays behind; a smaller size may succeed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Size or alignment is not as required; the system was not asked.</exception>
    MemoryRegion Reserve(long sizeBytes, long alignmentBytes);
}
