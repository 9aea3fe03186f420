namespace FolioRuntime.Slabs;

/// <summary>
/// What a cache checks beyond its handles, each at a price that docs/DEBUGGING.md states. With any of them the cache keeps no free objects in threads' own stacks.
/// Linux: the letters of <c>slab_debug</c>.
/// </summary>
[Flags]
public enum SlabDebugOptions
{
    /// <summary>None: costs nothing.</summary>
    None = 0,

    /// <summary>A second account of which slots are free, and of whether their words are dead, compared at every rent and return. Linux: F.</summary>
    ConsistencyChecks = 1,

    /// <summary>Bytes on either side of each object that nobody may write, checked when it is rented and when its life ends. Linux: Z.</summary>
    RedZones = 2,

    /// <summary>Free objects are filled with a pattern, checked when they are rented: a write after the return shows. Wins over <see cref="SlabCacheOptions.ZeroOnFree"/>. Linux: P.</summary>
    Poison = 4,

    /// <summary>Who rented and who returned each object last, with call stacks, in every report. Linux: U.</summary>
    Stacks = 8,

    /// <summary>All of these.</summary>
    All = ConsistencyChecks | RedZones | Poison | Stacks,
}
