using FolioRuntime.Slabs;

namespace FolioRuntime.Hosting;

/// <summary><see cref="SlabCacheOptions"/> in the shape that configuration and set-up code fill in: the same names, meanings and defaults. Not thread-safe.</summary>
public sealed class SlabCacheSettings
{
    private static readonly SlabCacheOptions s_defaults = new();

    /// <inheritdoc cref="SlabCacheOptions.Discipline"/>
    public SlabDiscipline Discipline { get; set; } = s_defaults.Discipline;

    /// <inheritdoc cref="SlabCacheOptions.AlignmentBytes"/>
    public int AlignmentBytes { get; set; } = s_defaults.AlignmentBytes;

    /// <inheritdoc cref="SlabCacheOptions.ThreadCacheCapacity"/>
    public int? ThreadCacheCapacity { get; set; } = s_defaults.ThreadCacheCapacity;

    /// <inheritdoc cref="SlabCacheOptions.JudgeReturnsAtOnce"/>
    public bool JudgeReturnsAtOnce { get; set; } = s_defaults.JudgeReturnsAtOnce;

    /// <inheritdoc cref="SlabCacheOptions.EmptySlabsKept"/>
    public int EmptySlabsKept { get; set; } = s_defaults.EmptySlabsKept;

    /// <inheritdoc cref="SlabCacheOptions.ZeroOnAllocate"/>
    public bool ZeroOnAllocate { get; set; } = s_defaults.ZeroOnAllocate;

    /// <inheritdoc cref="SlabCacheOptions.ZeroOnFree"/>
    public bool ZeroOnFree { get; set; } = s_defaults.ZeroOnFree;

    /// <inheritdoc cref="SlabCacheOptions.TrustPriorContent"/>
    public bool TrustPriorContent { get; set; } = s_defaults.TrustPriorContent;

    /// <inheritdoc cref="SlabCacheOptions.SlabOrder"/>
    public int? SlabOrder { get; set; } = s_defaults.SlabOrder;

    /// <inheritdoc cref="SlabCacheOptions.Debug"/>
    public SlabDebugOptions Debug { get; set; } = s_defaults.Debug;

    /// <inheritdoc cref="SlabCacheOptions.GuardSampleInterval"/>
    public int GuardSampleInterval { get; set; } = s_defaults.GuardSampleInterval;

    /// <inheritdoc cref="SlabCacheOptions.GuardedObjectsLimit"/>
    public int GuardedObjectsLimit { get; set; } = s_defaults.GuardedObjectsLimit;

    /// <inheritdoc cref="SlabCacheOptions.LeakSampleInterval"/>
    public int LeakSampleInterval { get; set; } = s_defaults.LeakSampleInterval;

    /// <inheritdoc cref="SlabCacheOptions.LeakAgeLimit"/>
    public TimeSpan? LeakAgeLimit { get; set; } = s_defaults.LeakAgeLimit;

    /// <inheritdoc cref="SlabCacheOptions.LeakTag"/>
    public string LeakTag { get; set; } = s_defaults.LeakTag;

    /// <summary>The settings that describe these options; their name is left out.</summary>
    internal static SlabCacheSettings Of(SlabCacheOptions options) => new()
    {
        Discipline = options.Discipline,
        AlignmentBytes = options.AlignmentBytes,
        ThreadCacheCapacity = options.ThreadCacheCapacity,
        JudgeReturnsAtOnce = options.JudgeReturnsAtOnce,
        EmptySlabsKept = options.EmptySlabsKept,
        ZeroOnAllocate = options.ZeroOnAllocate,
        ZeroOnFree = options.ZeroOnFree,
        TrustPriorContent = options.TrustPriorContent,
        SlabOrder = options.SlabOrder,
        Debug = options.Debug,
        GuardSampleInterval = options.GuardSampleInterval,
        GuardedObjectsLimit = options.GuardedObjectsLimit,
        LeakSampleInterval = options.LeakSampleInterval,
        LeakAgeLimit = options.LeakAgeLimit,
        LeakTag = options.LeakTag,
    };

    /// <summary>The options that these settings describe.</summary>
    public SlabCacheOptions ToOptions() => new()
    {
        Discipline = Discipline,
        AlignmentBytes = AlignmentBytes,
        ThreadCacheCapacity = ThreadCacheCapacity,
        JudgeReturnsAtOnce = JudgeReturnsAtOnce,
        EmptySlabsKept = EmptySlabsKept,
        ZeroOnAllocate = ZeroOnAllocate,
        ZeroOnFree = ZeroOnFree,
        TrustPriorContent = TrustPriorContent,
        SlabOrder = SlabOrder,
        Debug = Debug,
        GuardSampleInterval = GuardSampleInterval,
        GuardedObjectsLimit = GuardedObjectsLimit,
        LeakSampleInterval = LeakSampleInterval,
        LeakAgeLimit = LeakAgeLimit,
        LeakTag = LeakTag,
    };
}
