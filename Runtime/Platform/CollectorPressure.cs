namespace FolioRuntime.Platform;

/// <summary>
/// The garbage collector's view of memory, which it renews with each collection, beside the system's. A collection is asked about once: what it
/// found an hour ago says nothing of now.
/// </summary>
internal sealed class CollectorPressure(IMemoryPressure system) : IMemoryPressure
{
    private long _collectionSeen;

    /// <summary>What this system and its collector have to say.</summary>
    public static IMemoryPressure ForThisSystem() =>
        new CollectorPressure(OperatingSystem.IsLinux() ? new LinuxMemoryPressure() : new NoMemoryPressure());

    /// <inheritdoc/>
    public MemoryPressureSigns Read()
    {
        var last = GC.GetGCMemoryInfo(GCKind.Any);
        var isHigh = last.Index != _collectionSeen && IsHigh(last.MemoryLoadBytes, last.HighMemoryLoadThresholdBytes);
        _collectionSeen = last.Index;
        return system.Read() | (isHigh ? MemoryPressureSigns.Collector : MemoryPressureSigns.None);
    }

    /// <summary>Whether the collector would call this load high. A threshold of 0: it has not measured yet.</summary>
    internal static bool IsHigh(long loadBytes, long thresholdBytes) => thresholdBytes > 0 && loadBytes >= thresholdBytes;
}
