namespace FolioRuntime.Slabs;

/// <summary>How a slab cache behaves. Immutable once the cache is made; every property has a usable default.</summary>
public record SlabCacheOptions
{
    /// <summary>The name in statistics, exceptions and violation reports. Linux: the name of a <c>kmem_cache</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether others than the renter may take references. Default: <see cref="SlabDiscipline.Shared"/>.</summary>
    public SlabDiscipline Discipline { get; init; } = SlabDiscipline.Shared;

    /// <summary>Bytes that every object's address is a multiple of: a power of two from 1 to 4096; 0: 8, or the object's size if smaller.</summary>
    public int AlignmentBytes { get; init; }

    /// <summary>Free objects that each thread keeps for itself; 0: none, every rent and return goes to the slabs; null: by size, 60 below 256 bytes, 26 to 1 KiB, 12 to 4 KiB, 4 above, 1 above 256 KiB.</summary>
    public int? ThreadCacheCapacity { get; init; }

    /// <summary>Wholly empty slabs that the cache keeps instead of giving their pages back. Default: 1. With <see cref="int.MaxValue"/> even a trim leaves them.</summary>
    public int EmptySlabsKept { get; init; } = 1;

    /// <summary>Zero each object before it is constructed. Without it an object shows what the same cache left there.</summary>
    public bool ZeroOnAllocate { get; init; }

    /// <summary>Zero each object after it was destroyed, so that its content doesn't linger in memory.</summary>
    public bool ZeroOnFree { get; init; }

    /// <summary>
    /// Leave pages as they are when they become a slab. By default memory that held something else is zeroed first; with this, objects may
    /// show bytes of other caches and folios of the same runtime, so it is for caches that trust all of these.
    /// </summary>
    public bool TrustPriorContent { get; init; }

    /// <summary>Order of a slab, 0 to the runtime's largest; null: chosen by waste (docs/ARCHITECTURE.md states the rule).</summary>
    public int? SlabOrder { get; init; }
}
