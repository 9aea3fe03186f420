using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Inputs;

namespace FolioRuntime.Tests.Report;

/// <summary>Results of folio-scale, made up, for what reads them.</summary>
internal static class ScaleRuns
{
    public static MachineInfo Machine { get; } = new(4, "Some Linux 6", "x64", ".NET 10.0.1", IsNativeAot: false);

    public static Topology Topology { get; } = new("A Fine Processor", 2, 2, 1, ["L1d 32K", "L2 1024K"]);

    public static ScaleReport Run(params ScaleResult[] results) => new(
        ScaleReport.CurrentSchema, ScaleReport.ToolName, "measured", Machine, Topology, results, [], [],
        new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero), [new ScaleWorkload("rent-return", "rents and returns", "one of each")], []);

    public static ScaleResult Result(string workload, string peer, int threads, double perSecond, double spread = 0.1, int rounds = 9) => new(
        workload, peer, threads, perSecond, threads / perSecond * 1e9, spread, 80 << 20, 60 << 20, rounds,
        new Latency(50, 100, 1500, 2e6, 1000), [new MemoryPoint(0, 70 << 20), new MemoryPoint(0.01, 80 << 20)]);

    /// <summary>Two workloads with three peers on one and two threads.</summary>
    public static ScaleReport Whole() => Run(
        [.. from workload in (string[])["rent-return", "larson"]
            from threads in (int[])[1, 2]
            from peer in (string[])["folio-shared", "array-pool", "native"]
            select Result(workload, peer, threads, 1e7 * threads * peer.Length)]);

    /// <summary>As the reader gives it.</summary>
    public static ScaleFile Read(string name, params ScaleResult[] results) => new(name, Run(results), 0);
}
