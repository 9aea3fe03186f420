using FolioRuntime.Harness;

namespace FolioRuntime.Report;

/// <summary>A machine as names and values, always the same names in the same order.</summary>
internal static class MachineFacts
{
    private const string Unknown = "unknown";

    public static IReadOnlyList<(string Name, string Value)> Of(MachineInfo machine, Topology topology) =>
    [
        ("Processor", topology.Model.Length > 0 ? topology.Model : Unknown),
        ("Architecture", machine.Architecture),
        ("Processors in use", $"{machine.Processors}"),
        ("Cores", Known(topology.Cores)),
        ("Threads a core (SMT)", Known(topology.ThreadsPerCore)),
        ("NUMA nodes", Known(topology.NumaNodes)),
        ("Caches", topology.Caches.Count > 0 ? string.Join(", ", topology.Caches) : Unknown),
        ("System", machine.System),
        ("Runtime", machine.Framework),
        ("Compiled", machine.IsNativeAot ? "ahead of time (native AOT)" : "just in time"),
    ];

    private static string Known(int count) => count > 0 ? $"{count}" : Unknown;
}
