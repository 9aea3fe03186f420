using System.Globalization;

namespace FolioRuntime.Platform;

/// <summary>
/// Linux's nodes, read once:
/// <code>
///   /sys/devices/system/node/has_memory       0-1,4            the nodes that have memory
///   /sys/devices/system/node/node0/cpulist    0-7,16-23        their processors
///   /sys/devices/system/node/node0/distance   10 21 31         distances to all online nodes, in their order
///   /sys/devices/system/node/online           0-1,4
/// </code>
/// A file that is absent, unreadable or holds something else makes it one node. A processor of none of them counts as of the first. Compiled and tested with made-up
/// files; machines with several nodes: not run.
/// </summary>
internal sealed class LinuxNumaTopology : INumaTopology
{
    private const int MostNodes = 64;
    private const int MostProcessors = 1 << 16;

    private readonly int[] _numbers;
    private readonly byte[] _nodeOfProcessor;
    private readonly int[,] _distances;

    private LinuxNumaTopology(int[] numbers, byte[] nodeOfProcessor, int[,] distances)
    {
        _numbers = numbers;
        _nodeOfProcessor = nodeOfProcessor;
        _distances = distances;
    }

    public int NodeCount => _numbers.Length;

    /// <summary>The runtime library remembers the processor for some calls, so this costs about a load; it may be a little old.</summary>
    public int CurrentNode
    {
        get
        {
            var processor = (uint)Thread.GetCurrentProcessorId();
            return processor < (uint)_nodeOfProcessor.Length ? _nodeOfProcessor[processor] : 0;
        }
    }

    /// <param name="root">Where <c>sys</c> is.</param>
    public static INumaTopology Read(string root = "/")
    {
        try
        {
            return TryRead(Path.Combine(root, "sys/devices/system/node")) ?? OneNode.Instance;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return OneNode.Instance;
        }
    }

    public int SystemNumber(int node) => _numbers[node];

    public int Distance(int from, int to) => _distances[from, to];

    private static LinuxNumaTopology? TryRead(string folder)
    {
        var numbers = Numbers(Line(folder, "has_memory"), MostNodes);
        if (numbers.Length < 2)
            return null;
        var online = Numbers(Line(folder, "online"), MostNodes);
        var distances = new int[numbers.Length, numbers.Length];
        var nodeOfProcessor = new byte[MostProcessors];
        for (var node = 0; node < numbers.Length; node++)
        {
            var own = Path.Combine(folder, $"node{numbers[node]}");
            foreach (var processor in Numbers(Line(own, "cpulist"), MostProcessors))
                nodeOfProcessor[processor] = (byte)node;
            var far = Line(own, "distance").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var other = 0; other < numbers.Length; other++)
            {
                var at = Array.IndexOf(online, numbers[other]);
                if (at < 0 || at >= far.Length)
                    return null;
                distances[node, other] = int.Parse(far[at], NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return new LinuxNumaTopology(numbers, nodeOfProcessor, distances);
    }

    private static string Line(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();

    /// <summary>A list such as <c>0-3,8</c>, all below a limit.</summary>
    private static int[] Numbers(string list, int limit)
    {
        var numbers = new List<int>();
        foreach (var range in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = range.Split('-');
            var first = int.Parse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture);
            if (ends.Length > 2 || last < first || last >= limit)
                throw new FormatException($"'{list}' is no list of numbers below {limit}.");
            for (var number = first; number <= last; number++)
                numbers.Add(number);
        }

        return [.. numbers];
    }
}
