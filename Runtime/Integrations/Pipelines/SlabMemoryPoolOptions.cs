namespace FolioRuntime.Integrations.Pipelines;

/// <summary>How a memory pool is set up. Immutable; a wrong value is an <see cref="ArgumentException"/> when the pool is made, and nothing is made then.</summary>
public sealed record SlabMemoryPoolOptions
{
    /// <summary>Name in statistics and messages. With several sizes each has a cache of its own, named with its bytes behind.</summary>
    public string Name { get; init; } = "memory-pool";

    /// <summary>
    /// Bytes of the blocks, in any order, each 1 to 2 MiB. A rent gets the smallest that is long enough, and without a size the smallest of all. Default: 4096 alone, as pipes
    /// and Kestrel ask for.
    /// </summary>
    public IReadOnlyList<int> BlockSizes { get; init; } = [SlabMemoryPool.DefaultBlockBytes];

    /// <summary>
    /// Most bytes that can be asked for, at least the largest block's. What is longer than the largest block is a plain array. Default (null): the largest block, so that
    /// a pipe goes to the shared array pool for anything longer.
    /// </summary>
    public int? MaxBufferSize { get; init; }

    /// <summary>As <see cref="Slabs.SlabCacheOptions.LeakSampleInterval"/>. Default (null): that of <see cref="PoolRuntimeOptions.CacheDefaults"/>.</summary>
    public int? LeakSampleInterval { get; init; }

    /// <summary>As <see cref="Slabs.SlabCacheOptions.LeakAgeLimit"/>. Default (null): that of <see cref="PoolRuntimeOptions.CacheDefaults"/>.</summary>
    public TimeSpan? LeakAgeLimit { get; init; }

    /// <summary>As <see cref="Slabs.SlabCacheOptions.LeakTag"/>. Default (null): that of <see cref="PoolRuntimeOptions.CacheDefaults"/>.</summary>
    public string? LeakTag { get; init; }
}
