namespace FolioRuntime.Platform;

/// <summary>What a runtime's memory is made of.</summary>
public enum MemoryBacking
{
    /// <summary>Pages straight from the operating system, off the garbage-collected heap. They can be given back at any time.</summary>
    Native,

    /// <summary>
    /// One pinned array, so that every buffer has an array behind it, which some APIs insist on (Kestrel's sockets when they send several segments). At most
    /// about 2 GiB. Free pages go back to the system on Linux, elsewhere only with the runtime.
    /// </summary>
    PinnedArrays,
}
