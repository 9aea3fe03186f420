namespace FolioRuntime.Exploration.Scenarios;

/// <summary>Every scenario, by group.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. LifetimeScenarios.All,
        .. FolioScenarios.All,
        .. FolioFreezeScenarios.All,
        .. FolioReadScenarios.All,
        .. SequenceScenarios.All,
        .. PageScenarios.All,
        .. ReclaimScenarios.All,
        .. CacheScenarios.All,
        .. CacheFillScenarios.All,
        .. CacheWriteScenarios.All,
        .. CacheLargeScenarios.All,
        .. CacheTypeScenarios.All,
        .. FolioDisposeScenarios.All,
        .. BiasedLatchScenarios.All,
        .. LatchScenarios.All,
        .. DepotScenarios.All,
        .. StackScenarios.All,
        .. PinScenarios.All,
        .. SlabScenarios.All,
        .. DisposeScenarios.All,
        .. OwnedScenarios.All,
        .. PoolScenarios.All,
        .. RetentionScenarios.All,
        .. LeakScenarios.All,
        .. ContentScenarios.All,
        .. LifetimeCombinations.All,
        .. ProtocolScenarios.All,
    ];

    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Scenario Find(string name) =>
        All.FirstOrDefault(scenario => scenario.Name == name) ?? throw new ArgumentException($"There is no scenario '{name}'.", nameof(name));
}
