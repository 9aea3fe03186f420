using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime;

/// <summary>
/// How a runtime is set up. Every property has a usable default; all are checked when the runtime is made, and a wrong one is an
/// <see cref="ArgumentOutOfRangeException"/> that names it.
/// </summary>
public sealed partial record PoolRuntimeOptions
{
    /// <summary>Largest reservation, 256 GiB: 2^32 slots of the 64 bytes that the smallest slot then has; up to 64 GiB it has 16.</summary>
    public const long LargestReservationBytes = FrameTableLayout.LargestReservationBytes;

    private const long SmallestDefaultBytes = 1L << 20;

    private static readonly TimeSpan s_shortestTrimInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestTrimInterval = TimeSpan.FromDays(1);

    /// <summary>Its name in metrics and logs. Several runtimes may have the same. Default: empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Most bytes that folios and slabs may take together, the runtime's own tables not counted. Default (null): a quarter of what the garbage
    /// collector sees as available, however little that is, down to 1 MiB. Under a container limit the collector sees the three quarters that it
    /// takes for itself, and both together stay below the limit. 256 MiB for pinned arrays.
    /// </summary>
    public long? CapacityBytes { get; init; }

    /// <summary>
    /// Bytes of address space to reserve, at least the capacity; memory is committed only as it is used. Where the system refuses, it is halved down to
    /// 16 MiB, and the capacity with it; beyond that making the runtime fails. Default (null): twice the capacity; the capacity itself for pinned arrays.
    /// </summary>
    public long? ReservationBytes { get; init; }

    /// <summary>The largest folio, as an order: 0 to 18. Memory is committed in areas of this size. Default: 10, 4 MiB.</summary>
    public int MaxOrder { get; init; } = 10;

    /// <summary>What the memory is made of.</summary>
    public MemoryBacking Backing { get; init; } = MemoryBacking.Native;

    /// <summary>
    /// Pages of 2 MiB to ask the system for; memory then goes back in whole 2 MiB only. <see cref="HugePageMode.Explicit"/> wants a <see cref="MaxOrder"/> of 9 or more. Default: off.
    /// </summary>
    public HugePageMode HugePages { get; init; }

    /// <summary>
    /// On a machine whose memory is in several nodes (NUMA), hand out memory that is near the asking thread where there is any. Default: on. With one node it costs nothing.
    /// </summary>
    public bool NodesOfMemory { get; init; } = true;

    /// <summary>Leave the memory out of core dumps. Default: off.</summary>
    public bool ExcludeFromDumps { get; init; }

    /// <summary>Zero every folio when it is allocated. Default: on. Without it a folio shows what the runtime held there before.</summary>
    public bool ZeroFolios { get; init; } = true;

    /// <summary>
    /// Bits of a handle's generation that are used, 2 to 32. Default: 32. Fewer make slots retire early: for testing how a program, or this runtime, behaves then.
    /// </summary>
    public int GenerationBits { get; init; } = LifetimeWord.GenerationBits;

    /// <summary>Free order-0 folios that each thread keeps for itself, 0 to 4096. Default: 64.</summary>
    public int ThreadPageCapacity { get; init; } = 64;

    /// <summary>
    /// How often the runtime looks for memory to give back by itself (docs/MEMORY.md says what goes when): 10 milliseconds to a day, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>: never. Default: 2 seconds.
    /// </summary>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Of the capacity, the part that is kept for shrinkers while they free memory: other allocations have shrinkers free some when less is left, and get it only if that
    /// didn't help. 0 to <see cref="LowWatermark"/>; 0: nothing is kept. Default: 1/256. Without a registered shrinker nothing is kept either. Rounded down to whole frames, as are the
    /// others. Linux: <c>min_free_kbytes</c>.
    /// </summary>
    public double MinWatermark { get; init; } = 1.0 / 256;

    /// <summary>
    /// Of the capacity, the part below which the background reclaimer is woken. Up to <see cref="HighWatermark"/>; 0: it never is, and looks every
    /// <see cref="TrimInterval"/> only. Default: 1/64. Where that is infinite there is nobody to wake.
    /// </summary>
    public double LowWatermark { get; init; } = 1.0 / 64;

    /// <summary>Of the capacity, the part that it frees then, if there is so much to free. Up to 1/2. Default: 1/32. Linux: <c>watermark_scale_factor</c>.</summary>
    public double HighWatermark { get; init; } = 1.0 / 32;

    /// <summary>The clock for <see cref="TrimInterval"/>, and for how long pages of page caches are dirty. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// End the process at the first damage found, with the report as its last words, instead of quarantining and going on. Default: off. Linux: <c>panic_on_warn</c>.
    /// </summary>
    public bool CorruptionIsFatal { get; init; }

    /// <summary>
    /// What a cache is made with where its maker gives no options: zeroing, thread caches, empty slabs, debug options. Memory pools take these from here too.
    /// Discipline and alignment are each cache's own matter where it has options. What they say of leaks is also for object pools, and for owners of folios.
    /// </summary>
    public SlabCacheOptions CacheDefaults { get; init; } = new();

    /// <summary>What says that memory is short; null: this system. For tests.</summary>
    internal IMemoryPressure? MemoryPressure { get; init; }

    /// <summary>The nodes of memory; null: this machine's. For tests.</summary>
    internal INumaTopology? Topology { get; init; }

    /// <summary>The first generation that words issue; null: random. For tests that must repeat.</summary>
    internal uint? FirstGeneration { get; init; }

    internal long EffectiveCapacityBytes => CapacityBytes ?? (Backing == MemoryBacking.PinnedArrays
        ? 256L << 20
        : Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, SmallestDefaultBytes, LargestReservationBytes) & -PageOrder.FrameBytes);

    internal long EffectiveReservationBytes => ReservationBytes ?? (Backing == MemoryBacking.PinnedArrays
        ? EffectiveCapacityBytes
        : Math.Min(2 * EffectiveCapacityBytes, LargestReservationBytes));

    internal void Validate()
    {
        if (!Environment.Is64BitProcess)
            throw new PlatformNotSupportedException("FolioRuntime needs a 64-bit process: its lifetime words are 64-bit atomics.");
        RequireBetween(MaxOrder, 0, PageOrder.Largest, nameof(MaxOrder));
        RequireBetween(GenerationBits, GenerationSpace.FewestBits, LifetimeWord.GenerationBits, nameof(GenerationBits));
        RequireBetween(ThreadPageCapacity, 0, 4096, nameof(ThreadPageCapacity));
        if (!Enum.IsDefined(Backing))
            throw new ArgumentOutOfRangeException(nameof(Backing), Backing, "Unknown backing.");
        if (!Enum.IsDefined(HugePages) || (HugePages == HugePageMode.Explicit && MaxOrder < PageArena.HugePageOrder))
            throw new ArgumentOutOfRangeException(nameof(HugePages), HugePages, $"{nameof(HugePages)} is unknown, or its pages are larger than an area ({nameof(MaxOrder)} {MaxOrder}).");
        if (TrimInterval != Timeout.InfiniteTimeSpan && (TrimInterval < s_shortestTrimInterval || TrimInterval > s_longestTrimInterval))
            throw new ArgumentOutOfRangeException(nameof(TrimInterval), TrimInterval, $"{nameof(TrimInterval)} must be from {s_shortestTrimInterval} to {s_longestTrimInterval}, or infinite.");
        ArgumentNullException.ThrowIfNull(Name);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        RequireFraction(HighWatermark, 0.5, nameof(HighWatermark));
        RequireFraction(LowWatermark, HighWatermark, nameof(LowWatermark));
        RequireFraction(MinWatermark, LowWatermark, nameof(MinWatermark));
        RequireBetween(EffectiveCapacityBytes, PageOrder.FrameBytes, LargestReservationBytes, nameof(CapacityBytes));
        RequireBetween(EffectiveReservationBytes, EffectiveCapacityBytes, LargestReservationBytes, nameof(ReservationBytes));
    }

    /// <summary>What can be told of a cache's options without its type.</summary>
    internal void RequireValid(SlabCacheOptions options)
    {
        RequireBetween((int)options.Discipline, (int)SlabDiscipline.Shared, (int)SlabDiscipline.Exclusive, nameof(SlabCacheOptions.Discipline));
        RequireBetween(options.ThreadCacheCapacity ?? 0, 0, ushort.MaxValue, nameof(SlabCacheOptions.ThreadCacheCapacity));
        RequireBetween(options.EmptySlabsKept, 0, int.MaxValue, nameof(SlabCacheOptions.EmptySlabsKept));
        RequireBetween((int)options.Debug, 0, (int)SlabDebugOptions.All, nameof(SlabCacheOptions.Debug));
        RequireBetween(options.GuardSampleInterval, 0, Backing == MemoryBacking.Native ? int.MaxValue : 0, nameof(SlabCacheOptions.GuardSampleInterval));
        RequireBetween(options.LeakSampleInterval, 0, int.MaxValue, nameof(SlabCacheOptions.LeakSampleInterval));
        if (options.LeakAgeLimit is { } limit && (limit <= TimeSpan.Zero || options.LeakSampleInterval == 0))
            throw new ArgumentOutOfRangeException(nameof(options), limit, $"{nameof(SlabCacheOptions.LeakAgeLimit)} must be more than zero, and needs a {nameof(SlabCacheOptions.LeakSampleInterval)}.");
        ArgumentNullException.ThrowIfNull(options.LeakTag);
        RequireBetween(options.GuardedObjectsLimit, 1, 4096, nameof(SlabCacheOptions.GuardedObjectsLimit));
    }

    internal static long WatermarkFrames(double part, long capacityBytes) => (long)(part * (capacityBytes >> PageOrder.FrameShift));

    private static void RequireFraction(double value, double most, string name)
    {
        // Written so that no number at all is refused too.
        if (!(value >= 0 && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to {most}.");
    }

    internal static void RequireBetween(long value, long least, long most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
    }
}
