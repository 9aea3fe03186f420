using System.Diagnostics;
using System.Globalization;
using FolioRuntime.Primitives;

namespace FolioRuntime.Race.Results;

/// <summary>What the process occupied after each round of a run of hours, and whether that stayed steady.</summary>
internal sealed class MemorySamples
{
    // So many are in each quarter that one outlier decides nothing.
    private const int Fewest = 12;

    // What a process that does the same over and over may still differ by: a collector keeps more or less in hand.
    private const double AllowedGrowth = 0.10;
    private const long AllowedBytes = 16 << 20;

    private readonly List<(long Resident, long Heap)> _samples = [];

    /// <summary>Measures this process, after a full collection.</summary>
    public (long Resident, long Heap) Take()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        Add(process.WorkingSet64, heap);
        return _samples[^1];
    }

    public void Add(long residentBytes, long heapBytes) => _samples.Add((residentBytes, heapBytes));

    /// <summary>Compares the second quarter with the last one; the first is for warming up.</summary>
    public MemoryResult Judge(double hours)
    {
        var quarter = _samples.Count / 4;
        var early = _samples.Skip(quarter).Take(quarter).ToArray();
        var late = _samples.TakeLast(quarter).ToArray();
        var (earlyResident, earlyHeap) = (Median(early.Select(sample => sample.Resident)), Median(early.Select(sample => sample.Heap)));
        var (lateResident, lateHeap) = (Median(late.Select(sample => sample.Resident)), Median(late.Select(sample => sample.Heap)));
        var isKnown = _samples.Count >= Fewest;
        var isSteady = isKnown && !Grew(earlyResident, lateResident) && !Grew(earlyHeap, lateHeap);
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"resident {new ByteCount(earlyResident)} in the second quarter of {hours:0.##} hours and {new ByteCount(lateResident)} in the last, on the heap {new ByteCount(earlyHeap)} and {new ByteCount(lateHeap)}");
        return new MemoryResult(hours, _samples.Count, isSteady, earlyResident, lateResident, earlyHeap, lateHeap)
        {
            Remark = isKnown
                ? $"memory {(isSteady ? "steady" : "grew")}: {figures} (medians of {quarter}; more than {AllowedGrowth:P0} and {new ByteCount(AllowedBytes)} would be growth)"
                : $"memory not judged: {_samples.Count} rounds are fewer than {Fewest}",
            IsKnown = isKnown,
        };
    }

    private static bool Grew(long early, long late) => late > (early * (1 + AllowedGrowth)) && late - early > AllowedBytes;

    private static long Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
