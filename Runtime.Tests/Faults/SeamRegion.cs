namespace FolioRuntime.Tests.Faults;

/// <summary>Where in the runtime a thread is at an access through the seam.</summary>
internal enum SeamRegion
{
    /// <summary>It holds no latch.</summary>
    Outside,

    /// <summary>In its own stack, under the latch that is biased to it.</summary>
    Biased,

    /// <summary>It holds a latch.</summary>
    Latched,
}
