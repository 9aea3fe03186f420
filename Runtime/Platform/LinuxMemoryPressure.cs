using System.Buffers.Text;
using System.Text;

namespace FolioRuntime.Platform;

/// <summary>
/// Linux's signs of short memory: control groups of version 2, the process's own and those above it, and pressure stall information.
/// <code>
///   /proc/self/cgroup               0::/path              the process's group; other lines are of version 1
///   /sys/fs/cgroup/path/            memory.current        bytes that the group takes, page cache included
///                                   memory.stat           inactive_file: page cache that goes before anything is short
///                                   memory.high, .max     limits: bytes, or "max"
///                                   memory.pressure       some avg10=0.00 …: percent of the last ten seconds in which a task waited for memory
///   /proc/pressure/memory                                 the same of the whole machine, where the group has none
/// </code>
/// A file that is absent, unreadable or holds something else sets no limit. Source: Linux, Documentation/admin-guide/cgroup-v2.rst, accounting/psi.rst.
/// </summary>
/// <param name="root">Where <c>proc</c> and <c>sys</c> are.</param>
internal sealed class LinuxMemoryPressure(string root = "/") : IMemoryPressure
{
    /// <summary>A group is close to a limit when it takes this much of it.</summary>
    public const double NearLimit = 0.9;

    /// <summary>Stalls count from this percentage of the last ten seconds on.</summary>
    public const double StallPercent = 10;

    private const int DeepestGroup = 64;

    // Larger than any of these files; what lies beyond is not looked at.
    private const int LargestFileBytes = 16 * 1024;

    private readonly string _groups = Path.Combine(root, "sys/fs/cgroup");
    private readonly byte[] _buffer = new byte[LargestFileBytes];

    /// <inheritdoc/>
    public MemoryPressureSigns Read()
    {
        var group = OwnGroup();
        var signs = IsStalling(group) ? MemoryPressureSigns.Stall : MemoryPressureSigns.None;

        // Ends: each turn goes one folder up, and a path from the kernel has not that many.
        for (var depth = 0; group is not null && depth < DeepestGroup; depth++)
        {
            if (IsNearLimit(group))
                return signs | MemoryPressureSigns.ControlGroup;
            group = group.Length > _groups.Length ? Path.GetDirectoryName(group) : null;
        }

        return signs;
    }

    /// <summary>The folder of the process's group; null: there is none, or it isn't to be seen from here.</summary>
    private string? OwnGroup()
    {
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (!line.StartsWith("0::/", StringComparison.Ordinal))
                continue;
            var path = line[4..];

            // A process that was moved out of what its name space shows has a path that leads up and out.
            return path.Split('/').Contains("..") ? null : Path.Combine(_groups, path).TrimEnd('/');
        }

        return null;
    }

    private bool IsNearLimit(string group)
    {
        var limit = Math.Min(Limit(group, "memory.high"), Limit(group, "memory.max"));
        if (limit == long.MaxValue || !TryReadBytes(Path.Combine(group, "memory.current"), out var taken))
            return false;
        return taken - ReclaimableBytes(group) >= NearLimit * limit;
    }

    private long Limit(string group, string file) => TryReadBytes(Path.Combine(group, file), out var bytes) ? bytes : long.MaxValue;

    private long ReclaimableBytes(string group)
    {
        const string Key = "inactive_file ";
        foreach (var line in Lines(Path.Combine(group, "memory.stat")))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal))
                return TryParse(line[Key.Length..], out var bytes) ? bytes : 0;
        }

        return 0;
    }

    private bool IsStalling(string? group)
    {
        var own = group is null ? null : Lines(Path.Combine(group, "memory.pressure"));
        foreach (var line in own is { Length: > 0 } ? own : Lines(Path.Combine(root, "proc/pressure/memory")))
        {
            const string Key = "some avg10=";
            if (line.StartsWith(Key, StringComparison.Ordinal))
                return Utf8Parser.TryParse(Encoding.UTF8.GetBytes(line[Key.Length..]), out double percent, out _) && percent >= StallPercent;
        }

        return false;
    }

    private bool TryReadBytes(string path, out long bytes)
    {
        bytes = 0;
        return Lines(path) is [var line, ..] && TryParse(line, out bytes);
    }

    private static bool TryParse(string text, out long bytes) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out bytes);

    /// <summary>The lines of a file that isn't empty; none if it can't be read.</summary>
    private string[] Lines(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = 0;

            // Ends: at the end of the file, or of the buffer.
            for (int read; length < _buffer.Length && (read = RandomAccess.Read(file, _buffer.AsSpan(length), length)) > 0;)
                length += read;
            return Encoding.UTF8.GetString(_buffer, 0, length).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return [];
        }
    }
}
