using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale.Measurements;

/// <summary>
/// What a run says of the figures that this runtime aims at: those that its combinations suffice for. Ratios are taken round by round, so that a machine that slows down slows both
/// sides; native allocators are compared with raw, and net of what two calls into a C library cost.
/// </summary>
internal sealed class ScaleAims(IReadOnlyList<RoundTimes> times)
{
    /// <summary>Below this, two threads that share nothing don't scale on this machine, and nobody's scaling can be judged.</summary>
    public const double LeastRawScaling = 1.8;

    private const double LeastScaling = 0.95;
    private const double MostOfBest = 0.9;
    private const double MostOfBestAlone = 1.5;
    private const string Exclusive = "folio-exclusive";
    private const string Shared = "folio-shared";
    private const string Page = "folio-page";
    private const string Native = "native";
    private const string RawAtomics = "raw-atomics";
    private const string EmptyCalls = "native-call";

    private static readonly string[] s_own = [Exclusive, Shared];
    private static readonly string[] s_libraries = ["mimalloc", "jemalloc", "tcmalloc"];
    private static readonly string[] s_allocatorWorkloads = ["larson", "xmalloc-testN", "cache-scratch", "cache-thrash", "alloc-test", "mstress", "rptest", "sh6bench", "sh8bench"];

    // On one thread: this workload and peer, at most so much of that one.
    private static readonly (string Workload, string Peer, string OtherWorkload, string OtherPeer, double Most)[] s_ratios =
    [
        ("rent-return", Exclusive, "rent-return", "array-pool", 0.75),
        ("rent-return", Exclusive, "rent-return", "object-pool", 0.25),
        ("rent-return", Exclusive, "rent-return", "mimalloc", 0.6),
        ("rent-return-32", Exclusive, "rent-return-32", "array-pool", 0.1),
        ("rent-return-32", Exclusive, "rent-return-32", "tcmalloc", 0.9),
        ("rent-return", Shared, "rent-return", "object-pool", 0.6),
        ("rent-return", Shared, "rent-return", Native, 1.1),
        ("try-get-put", Shared, RawAtomics, Native, 1.1),
        ("try-get-put", Page, RawAtomics, Native, 1.1),
        ("optimistic-read", Page, "get-copy-put", Page, 0.2),
    ];

    // On two threads, each on a processor of its own, over one.
    private static readonly (string Workload, string Peer)[] s_uncontended =
    [
        ("rent-return", Exclusive), ("rent-return", Shared), ("rent-return-32", Exclusive), ("rent-return-32", Shared), ("page-alloc-free", Page),
        ("try-get-put", Shared), ("try-get-put", Page), ("optimistic-read", Page),
    ];

    /// <summary>All that can be said.</summary>
    public IReadOnlyList<ScaleAim> Judge() => [.. OneThread(), .. Scaling(), .. Allocators()];

    private IEnumerable<ScaleAim> OneThread()
    {
        foreach (var (workload, peer, otherWorkload, otherPeer, most) in s_ratios)
        {
            if (Of(workload, peer, 1) is not { } own || Of(otherWorkload, otherPeer, 1) is not { } other)
                continue;
            var what = $"{workload}: {peer} to {(otherWorkload == workload ? otherPeer : otherWorkload)}";
            yield return AtMost(what, 1, Pair(own, other), most);
            if (s_libraries.Contains(otherPeer) && Net(other, 1) is { } net)
                yield return Described($"{what}, net of the calls", 1, Pair(own, net));
        }
    }

    private IEnumerable<ScaleAim> Scaling()
    {
        if (Growth(RawAtomics, Native) is not { } raw)
            yield break;
        var canTell = Median(raw) >= LeastRawScaling;
        yield return Described($"{RawAtomics}: throughput of two threads over one", 2, raw);
        foreach (var (workload, peer) in s_uncontended)
        {
            if (Growth(workload, peer) is not { } growth)
                continue;
            var figure = Described($"{workload}: {peer}'s gain from a second thread to that of {RawAtomics}", 2, Pair(growth, raw));
            var verdict = !canTell ? $"inconclusive: {RawAtomics} gains less than {LeastRawScaling}" : figure.Figure >= LeastScaling ? ScaleAim.Reached : ScaleAim.Missed;
            yield return figure with { Aim = LeastScaling, IsLeast = true, Verdict = verdict };
        }
    }

    private IEnumerable<ScaleAim> Allocators()
    {
        foreach (var threads in times.Select(time => time.Threads).Distinct().Order())
        {
            var ratios = new List<double[]>();
            var netRatios = new List<double[]>();
            foreach (var workload in s_allocatorWorkloads)
            {
                if (Best(workload, s_own, threads, time => time) is not { } own || Best(workload, s_libraries, threads, time => time) is not { } other)
                    continue;
                ratios.Add(Pair(own, other));
                if (Best(workload, s_libraries, threads, time => Net(time, threads)) is { } net)
                    netRatios.Add(Pair(own, net));
                yield return AtMost($"{workload}: the better of this runtime's to the best native one", threads, ratios[^1], MostOfBestAlone);
            }

            if (ratios.Count == s_allocatorWorkloads.Length)
                yield return AtMost("geometric mean of these nine", threads, Mean(ratios), MostOfBest);
            if (netRatios.Count == s_allocatorWorkloads.Length)
                yield return Described("geometric mean of these nine, net of the calls", threads, Mean(netRatios));
        }
    }

    private IReadOnlyList<double>? Of(string workload, string peer, int threads) =>
        times.FirstOrDefault(time => time.Workload == workload && time.Peer == peer && time.Threads == threads)?.Nanoseconds is { Count: > 0 } found ? found : null;

    /// <summary>What is left of a native peer's times without the calls; null where these weren't measured, or were longer.</summary>
    private double[]? Net(IReadOnlyList<double>? native, int threads)
    {
        if (native is null || Of(EmptyCalls, Native, threads) is not { } calls)
            return null;
        var empty = Median(calls);
        return native.All(time => time > empty) ? [.. native.Select(time => time - empty)] : null;
    }

    /// <summary>Each round's throughput of two threads over that of one.</summary>
    private double[]? Growth(string workload, string peer) =>
        Of(workload, peer, 1) is { } one && Of(workload, peer, 2) is { } two ? [.. one.Zip(two, (alone, together) => 2 * alone / together)] : null;

    /// <summary>The times of whoever is the fastest, by the median; null: none is here.</summary>
    private IReadOnlyList<double>? Best(string workload, string[] peers, int threads, Func<IReadOnlyList<double>?, IReadOnlyList<double>?> adjust) =>
        peers.Select(peer => adjust(Of(workload, peer, threads))).OfType<IReadOnlyList<double>>().MinBy(Median);

    private static double[] Pair(IReadOnlyList<double> own, IReadOnlyList<double> other) => [.. own.Zip(other, (mine, theirs) => mine / theirs)];

    private static double[] Mean(List<double[]> ratios) =>
        [.. Enumerable.Range(0, ratios.Min(rounds => rounds.Length)).Select(round => Math.Exp(ratios.Average(rounds => Math.Log(rounds[round]))))];

    private static double Median(IReadOnlyList<double> values) => PairedResult.At([.. values.Order()], 0.5);

    private static ScaleAim AtMost(string what, int threads, double[] rounds, double most)
    {
        var figure = Described(what, threads, rounds);
        return figure with { Aim = most, Verdict = figure.Figure <= most ? ScaleAim.Reached : ScaleAim.Missed };
    }

    private static ScaleAim Described(string what, int threads, double[] rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return new ScaleAim(what, threads, PairedResult.At(sorted, 0.5), PairedResult.At(sorted, 0.25), PairedResult.At(sorted, 0.75), null, false, "");
    }
}
