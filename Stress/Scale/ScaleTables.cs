using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale;

/// <summary>Prints results: a table a workload, a row for each peer and number of threads, with this runtime's time as a part of the peer's.</summary>
internal sealed class ScaleTables(TextWriter output, ProgressView view)
{
    private const double Mebibyte = 1 << 20;

    public void Show(IReadOnlyList<ScaleResult> results, IReadOnlyList<ScaleRatio> ratios)
    {
        foreach (var workload in results.GroupBy(result => result.Workload))
        {
            output.WriteLine();
            output.WriteLine(workload.Key);
            var own = workload.Select(result => result.Peer).Where(peer => peer.StartsWith("folio-", StringComparison.Ordinal)).Distinct().ToArray();
            var rows = workload.OrderBy(result => result.Threads).Select(result => Row(result, own, ratios)).ToArray();
            view.Table(
                ["peer", "threads", "million/s", "ns", "spread", "p50", "p99", "p99.9", "max", "RSS peak", "after", .. own.Select(peer => $"{peer} to it")], rows);
        }
    }

    public void Show(IReadOnlyList<ScaleAim> aims)
    {
        if (aims.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine("What it aims at, of times in the same rounds unless it says otherwise");
        view.Table(
            ["figure", "threads", "median", "quartiles", "aim", ""],
            [.. aims.Select(aim => (string[])[aim.What, $"{aim.Threads}", $"{aim.Figure:0.00}", $"{aim.Low:0.00} - {aim.High:0.00}", AimOf(aim), aim.Verdict])]);
    }

    private static string AimOf(ScaleAim aim) => aim.Aim is { } figure ? $"{(aim.IsLeast ? "at least" : "at most")} {figure:0.##}" : "";

    private static string[] Row(ScaleResult result, string[] own, IReadOnlyList<ScaleRatio> ratios) =>
    [
        result.Peer, $"{result.Threads}", $"{result.OperationsPerSecond / 1e6:0.00}", $"{result.NanosecondsPerOperation:0.0}", $"{result.Spread:P0}",
        Time(result.Latency?.P50), Time(result.Latency?.P99), Time(result.Latency?.P999), Time(result.Latency?.Max),
        $"{result.RssPeakBytes / Mebibyte:0}", $"{result.RssAfterBytes / Mebibyte:0}",
        .. own.Select(peer => RatioOf(peer, result, ratios)),
    ];

    private static string RatioOf(string own, ScaleResult to, IReadOnlyList<ScaleRatio> ratios) =>
        ratios.FirstOrDefault(ratio => ratio.Of == own && ratio.To == to.Peer && ratio.Threads == to.Threads && ratio.Workload == to.Workload) is { } found ? $"{found.Ratio:0.00}" : "";

    private static string Time(double? nanoseconds) => nanoseconds switch
    {
        null => "",
        < 10_000 => $"{nanoseconds:0}",
        _ => $"{nanoseconds / 1000:0}k",
    };
}
