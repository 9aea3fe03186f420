using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime;

/// <content>What follows from the options for caches and pools, and what of theirs can be told to be wrong before there is a runtime.</content>
public sealed partial record PoolRuntimeOptions
{
    /// <summary>The cache that each size of a memory pool has.</summary>
    internal SlabCacheOptions CacheOf(SlabMemoryPoolOptions pool) => (CacheDefaults with { Discipline = SlabDiscipline.Exclusive, AlignmentBytes = 0, SlabOrder = null })
        .WithLeaks(CacheDefaults, pool.LeakSampleInterval, pool.LeakAgeLimit, pool.LeakTag);

    /// <summary>The cache whose slots stand for an object pool's objects.</summary>
    internal SlabCacheOptions CacheOf(SlabObjectPoolOptions pool) => new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive, EmptySlabsKept = int.MaxValue, JudgeReturnsAtOnce = true }
        .WithLeaks(CacheDefaults, pool.LeakSampleInterval, pool.LeakAgeLimit, pool.LeakTag);

    /// <summary>The cache of the state of a facade pool's objects.</summary>
    internal SlabCacheOptions ValuesOf(SlabObjectPoolOptions pool) => (CacheDefaults with { Discipline = SlabDiscipline.Exclusive })
        .WithLeaks(CacheDefaults, pool.LeakSampleInterval, pool.LeakAgeLimit, pool.LeakTag);

    /// <summary>What can be told of a cache of objects of a size: all, where the system grants the address space that is asked for.</summary>
    internal void RequireValid(SlabCacheOptions options, int sizeBytes)
    {
        RequireValid(options);
        RequireBetween(options.SlabOrder ?? 0, 0, MaxOrder, nameof(SlabCacheOptions.SlabOrder));
        var slotShift = new FrameTableLayout(EffectiveReservationBytes, PageOrder.FrameBytes).SlotShift;
        _ = SlabLayout.For(sizeBytes, options.AlignmentBytes, PageOrder.FrameBytes >> slotShift, MaxOrder, options.SlabOrder, options.Debug.HasFlag(SlabDebugOptions.RedZones));
    }

    /// <summary>What can be told of a memory pool, without its blocks' sizes against pages.</summary>
    /// <returns>The sizes of its blocks, the smallest first, and the largest buffer.</returns>
    internal static (int[] Sizes, int Largest) RequireValid(SlabMemoryPoolOptions options)
    {
        int[] sizes = [.. options.BlockSizes.Distinct().Order()];
        if (sizes.Length == 0)
            throw new ArgumentException("A memory pool needs a size of blocks.", nameof(options));
        var largest = options.MaxBufferSize ?? sizes[^1];
        RequireBetween(largest, sizes[^1], Array.MaxLength, nameof(SlabMemoryPoolOptions.MaxBufferSize));
        return (sizes, largest);
    }
}
