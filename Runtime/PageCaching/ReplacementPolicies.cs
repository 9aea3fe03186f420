using FolioRuntime.PageCaching.Policies;

namespace FolioRuntime.PageCaching;

/// <summary>
/// The policies that come with the page cache, as what makes one from a capacity in pages. Each keeps about as many bytes a page as its summary says, for
/// pages of 4096; none allocates once it is made. Thread-safe; what they return isn't (<see cref="IReplacementPolicy"/>).
/// </summary>
public static class ReplacementPolicies
{
    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<Func<int, IReplacementPolicy>> All { get; } = [Adaptive, Lru, Clock, Sieve, TwoList, S3Fifo, Arc, Lirs, WindowTinyLfu];

    /// <summary>The default: LIRS with a queue whose length adapts. 101 bytes a page.</summary>
    public static IReplacementPolicy Adaptive(int capacityPages) => new AdaptivePolicy(capacityPages);

    /// <summary>The least recently used page goes. 9 bytes a page.</summary>
    public static IReplacementPolicy Lru(int capacityPages) => new LruPolicy(capacityPages);

    /// <summary>CLOCK. 10 bytes a page.</summary>
    public static IReplacementPolicy Clock(int capacityPages) => new ClockPolicy(capacityPages);

    /// <summary>SIEVE. 10 bytes a page.</summary>
    public static IReplacementPolicy Sieve(int capacityPages) => new SievePolicy(capacityPages);

    /// <summary>An active and an inactive list with refault distances, as Linux has. 42 bytes a page.</summary>
    public static IReplacementPolicy TwoList(int capacityPages) => new TwoListPolicy(capacityPages);

    /// <summary>S3-FIFO. 42 bytes a page.</summary>
    public static IReplacementPolicy S3Fifo(int capacityPages) => new S3FifoPolicy(capacityPages);

    /// <summary>ARC. 42 bytes a page.</summary>
    public static IReplacementPolicy Arc(int capacityPages) => new ArcPolicy(capacityPages);

    /// <summary>LIRS. 101 bytes a page.</summary>
    public static IReplacementPolicy Lirs(int capacityPages) => new LirsPolicy(capacityPages);

    /// <summary>W-TinyLFU with a window that adapts. 21 bytes a page.</summary>
    public static IReplacementPolicy WindowTinyLfu(int capacityPages) => new WindowTinyLfuPolicy(capacityPages);
}
