using System.Globalization;

namespace FolioRuntime.Tests.Platform;

/// <summary>
/// Linux's pages of 2 MiB set aside by the administrator. A test that has the right to sets some aside, and gives them back at its end; <see cref="Free"/> says
/// how many there are to be had, whoever set them aside.
/// </summary>
internal sealed class HugePagePool : IDisposable
{
    private const string Setting = "/proc/sys/vm/nr_hugepages";

    private readonly string? _before;

    public HugePagePool(int pages)
    {
        if (!File.Exists(Setting))
            return;
        var before = File.ReadAllText(Setting).Trim();
        if (TrySet((long.Parse(before, CultureInfo.InvariantCulture) + pages).ToString(CultureInfo.InvariantCulture)))
            _before = before;
    }

    /// <summary>Pages that nobody has been promised.</summary>
    public static long Free => Fact("HugePages_Free:") - Fact("HugePages_Rsvd:");

    public void Dispose()
    {
        if (_before is not null)
            TrySet(_before);
    }

    private static bool TrySet(string value)
    {
        try
        {
            File.WriteAllText(Setting, value);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Fact(string name) => File.ReadLines("/proc/meminfo")
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line[name.Length..].Trim(), CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
