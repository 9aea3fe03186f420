using FolioRuntime.Harness;

namespace FolioRuntime.Caching.Tracing;

/// <summary>Traces for when no file is given: pages by Zipf's law, the same with scans through it, and a loop.</summary>
internal static class GeneratedTraces
{
    private const int Accesses = 100_000;
    private const int ZipfPages = 10_000;
    private const double ZipfExponent = 0.9;
    private const int LoopPages = 1_000;
    private const int ScanPages = 500;
    private const int OneScanIn = 2_000;

    public static IReadOnlyList<Trace> All(ulong seed) =>
    [
        Trace.Of("zipf", Zipf(seed, hasScans: false)),
        Trace.Of("zipf-scans", Zipf(seed, hasScans: true)),
        Trace.Of("loop", Enumerable.Range(0, Accesses).Select(index => (long)(index % LoopPages))),
    ];

    private static IEnumerable<long> Zipf(ulong seed, bool hasScans)
    {
        var random = new XorShift(seed, stream: 0);
        var sums = new double[ZipfPages];
        var sum = 0.0;
        for (var rank = 0; rank < ZipfPages; rank++)
            sums[rank] = sum += Math.Pow(rank + 1, -ZipfExponent);
        var nextScan = (long)ZipfPages;
        for (var done = 0; done < Accesses;)
        {
            var place = Array.BinarySearch(sums, (random.Next() >> 11) * (1.0 / (1ul << 53)) * sum);
            yield return Math.Min(place < 0 ? ~place : place, ZipfPages - 1);
            done++;
            if (!hasScans || !random.OnceIn(OneScanIn))
                continue;

            // Pages that nobody used before, and that nobody will again.
            for (var end = nextScan + ScanPages; nextScan < end; nextScan++, done++)
                yield return nextScan;
        }
    }
}
