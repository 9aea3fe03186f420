namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>How an object pool behaves. Immutable; a wrong value is an <see cref="ArgumentOutOfRangeException"/> when the pool is made.</summary>
public sealed record SlabObjectPoolOptions
{
    /// <summary>Name in statistics and messages.</summary>
    public string Name { get; init; } = "object-pool";

    /// <summary>Most objects that the pool keeps: 0 or more, 1 or more if it is bounded. Default (null): twice the number of processors.</summary>
    public int? MaximumRetained { get; init; }

    /// <summary>
    /// Idle objects that no trim takes, as many as it needs for so many altogether: 0 or more. What is above goes when the runtime is trimmed or the system is short of memory, and by itself when
    /// nobody had it for a whole <see cref="PoolRuntimeOptions.TrimInterval"/>. Default: 0. <see cref="int.MaxValue"/>: none goes before the pool's end.
    /// </summary>
    public int MinimumRetained { get; init; }

    /// <summary>
    /// Whether there are never more objects than the pool keeps. When all are out, <see cref="SlabObjectPool{T}.TryGet"/> says no, <see cref="SlabObjectPool{T}.Get"/> throws, and
    /// <see cref="SlabObjectPool{T}.GetAsync"/> waits its turn. Default: off, further objects are made, and dropped when they are returned.
    /// </summary>
    public bool IsBounded { get; init; }

    /// <summary>As <see cref="Slabs.SlabCacheOptions.LeakSampleInterval"/>. Default (null): that of <see cref="PoolRuntimeOptions.CacheDefaults"/>.</summary>
    public int? LeakSampleInterval { get; init; }

    /// <summary>As <see cref="Slabs.SlabCacheOptions.LeakAgeLimit"/>. Default (null): that of <see cref="PoolRuntimeOptions.CacheDefaults"/>.</summary>
    public TimeSpan? LeakAgeLimit { get; init; }

    /// <summary>As <see cref="Slabs.SlabCacheOptions.LeakTag"/>. Default (null): that of <see cref="PoolRuntimeOptions.CacheDefaults"/>.</summary>
    public string? LeakTag { get; init; }

    internal int EffectiveMaximumRetained => MaximumRetained ?? 2 * Environment.ProcessorCount;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(EffectiveMaximumRetained, IsBounded ? 1 : 0, nameof(MaximumRetained));
        ArgumentOutOfRangeException.ThrowIfNegative(MinimumRetained);
    }
}
