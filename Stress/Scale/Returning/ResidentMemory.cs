using System.Globalization;

namespace FolioRuntime.Scale.Returning;

/// <summary>Memory of this process that is in the machine's.</summary>
internal static class ResidentMemory
{
    /// <summary>Bytes now. Linux: the second number of <c>/proc/self/statm</c>.</summary>
    public static long Bytes()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.WorkingSet;
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
