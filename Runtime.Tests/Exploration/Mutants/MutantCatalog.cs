using FolioRuntime.Laboratory;

namespace FolioRuntime.Tests.Exploration.Mutants;

/// <summary>Every mutant, by group.</summary>
internal static class MutantCatalog
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. LifetimeMutants.All,
        .. FolioMutants.All,
        .. PageMutants.All,
        .. DepotMutants.All,
        .. ReclaimMutants.All,
        .. CacheMutants.All,
        .. CacheWriteMutants.All,
        .. CacheLargeMutants.All,
        .. CacheTypeMutants.All,
        .. StackMutants.All,
        .. LatchMutants.All,
        .. PinMutants.All,
        .. SlabMutants.All,
        .. OwnedMutants.All,
        .. PoolMutants.All,
        .. RetentionMutants.All,
        .. LeakMutants.All,
    ];
}
