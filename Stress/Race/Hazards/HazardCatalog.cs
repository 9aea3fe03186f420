namespace FolioRuntime.Race.Hazards;

/// <summary>All hazards that real threads can meet, in the order of their numbers.</summary>
internal static class HazardCatalog
{
    public static IReadOnlyList<Hazard> All { get; } =
    [
        .. LifetimeHazards.All.Concat(StoreHazards.All).Concat(PageHazards.All).Concat(EndHazards.All).Concat(OwnedHazards.All)
            .OrderBy(hazard => hazard.Numbers[0]),
    ];

    public static Hazard Find(string name) => All.Single(hazard => hazard.Name == name);
}
