namespace FolioRuntime.Tests.Faults;

/// <summary>
/// A container-like limit on the memory of one child: a control group where this process may make one, else what the collector makes of
/// a control group, which is its hard limit and what it reports as available. <see cref="Description"/> says which.
/// </summary>
internal sealed class MemoryLimit : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly long _bytes;
    private readonly string? _group;

    public MemoryLimit(long bytes)
    {
        _bytes = bytes;
        _group = TryCreateGroup(bytes);
    }

    public string Description => _group is null
        ? $"DOTNET_GCHeapHardLimit of {_bytes >> 20} MiB: no control group (v2) with a memory controller can be made here"
        : $"control group {_group} with memory.max of {_bytes >> 20} MiB";

    /// <summary>A shell command for <see cref="ChildProcess.StartLimited"/>.</summary>
    public string Command => _group is null ? "" : $"echo $$ > {_group}/cgroup.procs &&";

    public void AddTo(IDictionary<string, string?> environment)
    {
        if (_group is null)
            environment["DOTNET_GCHeapHardLimit"] = $"0x{_bytes:x}";
    }

    public void Dispose()
    {
        if (_group is not null)
            Directory.Delete(_group);
    }

    // Only where the memory controller is handed to groups already: nothing of the machine's own set-up is changed.
    private static string? TryCreateGroup(long bytes)
    {
        var controllers = $"{Root}/cgroup.subtree_control";
        if (!File.Exists(controllers) || !File.ReadAllText(controllers).Split(' ', '\n').Contains("memory"))
            return null;
        var group = $"{Root}/folio-tests-{Environment.ProcessId}-{bytes}";
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText($"{group}/memory.max", $"{bytes}");
            return group;
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            if (Directory.Exists(group))
                Directory.Delete(group);
            return null;
        }
    }
}
