using System.Globalization;
using FolioRuntime.Platform;

namespace FolioRuntime.Tests.Platform;

/// <summary>What the Linux kernel says about this process's mappings, from /proc/self/smaps.</summary>
internal sealed class ProcessMappings
{
    private readonly List<Mapping> _mappings = [];

    public static ProcessMappings Read()
    {
        var result = new ProcessMappings();
        foreach (var line in File.ReadLines("/proc/self/smaps"))
            result.Take(line);
        return result;
    }

    /// <summary>Address space of the process.</summary>
    public static long VirtualBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    /// <summary>Resident bytes of the mappings that a region's range touches.</summary>
    public long ResidentBytes(MemoryRegion region) => Touching(region.Base, region.SizeBytes).Sum(mapping => mapping.ResidentBytes);

    /// <summary>Flags of the mapping at an address: <c>hg</c> huge pages, <c>dc</c> not copied on fork, <c>dd</c> not dumped.</summary>
    public IReadOnlyList<string> FlagsAt(nint address) => Touching(address, 1).Single().Flags;

    /// <summary>Protection at an address, such as <c>rw-p</c>.</summary>
    public string ProtectionAt(nint address) => Touching(address, 1).Single().Protection;

    /// <summary>Mapped bytes within a range.</summary>
    public long MappedBytes(nint address, long sizeBytes) =>
        Touching(address, sizeBytes).Sum(mapping => Math.Min(mapping.End, address + sizeBytes) - Math.Max(mapping.Start, address));

    private IEnumerable<Mapping> Touching(nint address, long sizeBytes) =>
        _mappings.Where(mapping => mapping.Start < address + sizeBytes && mapping.End > address);

    private void Take(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "Rss:":
                _mappings[^1].ResidentBytes = long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
                break;
            case "VmFlags:":
                _mappings[^1].Flags = words[1..];
                break;
            case var first when !first.EndsWith(':'):
                var ends = first.Split('-');
                // The vsyscall page lies above what a signed address can say; nothing of ours is there.
                _mappings.Add(new Mapping(Parse(ends[0]), Parse(ends[1]), words[1]));
                break;
        }
    }

    private static long Parse(string hexadecimal) =>
        (long)Math.Min(ulong.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.MaxValue);

    private sealed class Mapping(long start, long end, string protection)
    {
        public long Start { get; } = start;

        public long End { get; } = end;

        public string Protection { get; } = protection;

        public long ResidentBytes { get; set; }

        public string[] Flags { get; set; } = [];
    }
}
