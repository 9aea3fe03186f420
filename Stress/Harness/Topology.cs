using System.Globalization;

namespace FolioRuntime.Harness;

/// <summary>What the processors share, as far as the system tells (Linux: sysfs). Unknown figures are 0.</summary>
/// <param name="Model">The processor's name.</param>
/// <param name="Cores">Physical cores.</param>
/// <param name="ThreadsPerCore">Hardware threads a core.</param>
/// <param name="NumaNodes">Nodes of memory.</param>
/// <param name="Caches">The caches of the first processor, as "L1d 32K".</param>
public sealed record Topology(string Model, int Cores, int ThreadsPerCore, int NumaNodes, IReadOnlyList<string> Caches)
{
    private const string Processors = "/sys/devices/system/cpu";
    private const string Nodes = "/sys/devices/system/node";

    public static Topology ThisMachine { get; } = Read();

    public override string ToString() =>
        $"{(Model.Length > 0 ? Model : "unknown processor")}, {Cores} cores, {ThreadsPerCore} threads a core, {NumaNodes} NUMA nodes, {(Caches.Count > 0 ? string.Join(", ", Caches) : "caches unknown")}";

    private static Topology Read()
    {
        if (!OperatingSystem.IsLinux())
            return new Topology("", Environment.ProcessorCount, 0, 0, []);
        var siblings = Folders(Processors, "cpu*").Select(folder => Line($"{folder}/topology/thread_siblings_list")).Where(text => text.Length > 0).ToArray();
        var cores = siblings.Distinct(StringComparer.Ordinal).Count();
        return new Topology(
            ModelName(),
            cores == 0 ? Environment.ProcessorCount : cores,
            cores == 0 ? 0 : siblings.Length / cores,
            Folders(Nodes, "node*").Length,
            [.. Folders($"{Processors}/cpu0/cache", "index*").Select(Cache).Where(text => text.Length > 0)]);
    }

    private static string Cache(string folder)
    {
        var level = Line($"{folder}/level");
        var kind = Line($"{folder}/type") switch
        {
            "Data" => "d",
            "Instruction" => "i",
            _ => "",
        };
        return level.Length == 0 ? "" : $"L{level}{kind} {Line($"{folder}/size")}";
    }

    private static string ModelName()
    {
        const string Key = "model name";
        try
        {
            return File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string[] Folders(string root, string pattern) => !Directory.Exists(root) ? [] :
        [.. Directory.GetDirectories(root, pattern).Where(folder => int.TryParse(Path.GetFileName(folder).AsSpan(pattern.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)).Order(StringComparer.Ordinal)];

    private static string Line(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
