using FolioRuntime.Race.Hazards;
using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race.Jobs;

/// <summary>The jobs of a run, in order: controls before the subject, then what only the subject can do.</summary>
internal static class JobCatalog
{
    private const string Subject = "runtime";

    /// <summary>What only the runtime runs, by the names --scenario knows.</summary>
    public static IReadOnlyList<(string Name, string Description)> SubjectScenarios { get; } =
    [
        (FilesJob.Name, "real files through a runtime far smaller than they are, every byte compared with the file"),
        (ForgeJob.Name, "handles that nobody gave out, random, changed, from other caches and another runtime, against a busy runtime"),
        (SoakJob.Name, "runtimes with 8-bit generations worn out: what is lost to exhaustion stays bounded, and no handle ever works again"),
    ];

    public static IReadOnlyList<IJob> For(RaceOptions options)
    {
        var jobs = new List<IJob>();
        foreach (var entry in ProtocolCatalog.All.Where(entry => options.Protocols.Contains(entry.Name)))
        {
            foreach (var scenario in ScenarioCatalog.All.Where(scenario => options.Scenarios.Contains(scenario.Name)))
                jobs.Add(new ProtocolJob(entry, scenario));
        }

        if (options.Protocols.Contains(Subject))
        {
            // What was asked for by its own option runs whatever scenarios were chosen.
            if (options.FilesDirectory is not null || options.Scenarios.Contains(FilesJob.Name))
                jobs.Add(new FilesJob());
            if (options.ForgeAttempts is > 0 || (options.ForgeAttempts is null && options.Scenarios.Contains(ForgeJob.Name)))
                jobs.Add(new ForgeJob());
            if (options.Scenarios.Contains(SoakJob.Name))
                jobs.Add(new SoakJob());
            jobs.AddRange(HazardCatalog.All.Where(hazard => options.Scenarios.Contains(hazard.Name)).Select(hazard => new HazardJob(hazard)));
        }

        return jobs;
    }
}
