using FolioRuntime.Platform;

namespace FolioRuntime.Hosting;

/// <summary>
/// <see cref="PoolRuntimeOptions"/> in the shape that configuration and set-up code fill in: the same names, meanings and defaults, which are described there.
/// Read once, when the runtime is made; changes after that have no effect. Not thread-safe.
/// </summary>
public sealed class PoolRuntimeSettings
{
    private static readonly PoolRuntimeOptions s_defaults = new();

    /// <inheritdoc cref="PoolRuntimeOptions.Name"/>
    /// <remarks>Default: the name that the runtime is registered by.</remarks>
    public string Name { get; set; } = s_defaults.Name;

    /// <inheritdoc cref="PoolRuntimeOptions.CapacityBytes"/>
    public long? CapacityBytes { get; set; } = s_defaults.CapacityBytes;

    /// <inheritdoc cref="PoolRuntimeOptions.ReservationBytes"/>
    public long? ReservationBytes { get; set; } = s_defaults.ReservationBytes;

    /// <inheritdoc cref="PoolRuntimeOptions.MaxOrder"/>
    public int MaxOrder { get; set; } = s_defaults.MaxOrder;

    /// <inheritdoc cref="PoolRuntimeOptions.Backing"/>
    public MemoryBacking Backing { get; set; } = s_defaults.Backing;

    /// <inheritdoc cref="PoolRuntimeOptions.HugePages"/>
    public HugePageMode HugePages { get; set; } = s_defaults.HugePages;

    /// <inheritdoc cref="PoolRuntimeOptions.NodesOfMemory"/>
    public bool NodesOfMemory { get; set; } = s_defaults.NodesOfMemory;

    /// <inheritdoc cref="PoolRuntimeOptions.MinWatermark"/>
    public double MinWatermark { get; set; } = s_defaults.MinWatermark;

    /// <inheritdoc cref="PoolRuntimeOptions.LowWatermark"/>
    public double LowWatermark { get; set; } = s_defaults.LowWatermark;

    /// <inheritdoc cref="PoolRuntimeOptions.HighWatermark"/>
    public double HighWatermark { get; set; } = s_defaults.HighWatermark;

    /// <inheritdoc cref="PoolRuntimeOptions.ExcludeFromDumps"/>
    public bool ExcludeFromDumps { get; set; } = s_defaults.ExcludeFromDumps;

    /// <inheritdoc cref="PoolRuntimeOptions.ZeroFolios"/>
    public bool ZeroFolios { get; set; } = s_defaults.ZeroFolios;

    /// <inheritdoc cref="PoolRuntimeOptions.GenerationBits"/>
    public int GenerationBits { get; set; } = s_defaults.GenerationBits;

    /// <inheritdoc cref="PoolRuntimeOptions.ThreadPageCapacity"/>
    public int ThreadPageCapacity { get; set; } = s_defaults.ThreadPageCapacity;

    /// <inheritdoc cref="PoolRuntimeOptions.TrimInterval"/>
    public TimeSpan TrimInterval { get; set; } = s_defaults.TrimInterval;

    /// <inheritdoc cref="PoolRuntimeOptions.CorruptionIsFatal"/>
    public bool CorruptionIsFatal { get; set; } = s_defaults.CorruptionIsFatal;

    /// <inheritdoc cref="PoolRuntimeOptions.CacheDefaults"/>
    public SlabCacheSettings CacheDefaults { get; set; } = new();

    /// <summary>The options that these settings describe. They are checked when a runtime is made with them.</summary>
    /// <param name="timeProvider">The clock of the runtime's timer; null: the system's.</param>
    public PoolRuntimeOptions ToOptions(TimeProvider? timeProvider = null) => new()
    {
        Name = Name,
        CapacityBytes = CapacityBytes,
        ReservationBytes = ReservationBytes,
        MaxOrder = MaxOrder,
        Backing = Backing,
        HugePages = HugePages,
        NodesOfMemory = NodesOfMemory,
        MinWatermark = MinWatermark,
        LowWatermark = LowWatermark,
        HighWatermark = HighWatermark,
        ExcludeFromDumps = ExcludeFromDumps,
        ZeroFolios = ZeroFolios,
        GenerationBits = GenerationBits,
        ThreadPageCapacity = ThreadPageCapacity,
        TrimInterval = TrimInterval,
        TimeProvider = timeProvider ?? TimeProvider.System,
        CorruptionIsFatal = CorruptionIsFatal,
        CacheDefaults = CacheDefaults.ToOptions(),
    };
}
