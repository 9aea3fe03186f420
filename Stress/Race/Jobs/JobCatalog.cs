using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race.Jobs;

/// <summary>The jobs of a run, in order: controls before the subject, then what only the subject can do.</summary>
internal static class JobCatalog
{
    /// <summary>What only the runtime runs, by the names --scenario knows.</summary>
    public static IReadOnlyList<(string Name, string Description)> SubjectScenarios { get; } = [];

    public static IReadOnlyList<IJob> For(RaceOptions options)
    {
        var jobs = new List<IJob>();
        foreach (var entry in ProtocolCatalog.All.Where(entry => options.Protocols.Contains(entry.Name)))
        {
            foreach (var scenario in ScenarioCatalog.All.Where(scenario => options.Scenarios.Contains(scenario.Name)))
                jobs.Add(new ProtocolJob(entry, scenario));
        }

        return jobs;
    }
}
