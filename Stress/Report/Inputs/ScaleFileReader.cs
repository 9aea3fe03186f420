using System.Text.Json;
using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Inputs;

/// <summary>Reads what folio-scale wrote, and refuses everything else with a reason.</summary>
internal static class ScaleFileReader
{
    /// <summary>Reads one whose throughput is to be compared.</summary>
    /// <exception cref="InvalidFileException">It can't be read, or isn't a result of folio-scale with throughput measured.</exception>
    public static ScaleFile Read(string path)
    {
        var file = JsonInput.Read(path, ScaleReport.CurrentSchema, root => Read(path, root));
        return file.Report.Results.Count > 0 ? file : throw new InvalidFileException(path, "it has no throughput, but what stayed of memory that was returned");
    }

    /// <exception cref="InvalidFileException">It isn't a result of folio-scale with something measured.</exception>
    /// <exception cref="JsonException">A part is missing or of another kind.</exception>
    public static ScaleFile Read(string path, JsonElement root) =>
        JsonInput.ProblemOfHead(root, ScaleReport.ToolName, ScaleReport.CurrentSchema) is { } problem
            ? throw new InvalidFileException(path, problem)
            : Checked(path, root.Deserialize(ScaleJson.Default.ScaleReport)!);

    private static ScaleFile Checked(string path, ScaleReport report)
    {
        for (var i = 0; i < report.Results.Count; i++)
        {
            if (ProblemOf(report.Results[i]) is { } problem)
                throw new InvalidFileException(path, $"results[{i}] {problem}");
        }

        if (report.Results.GroupBy(result => (result.Workload, result.Peer, result.Threads)).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new InvalidFileException(path, $"{twice.Workload} with {twice.Peer} on {twice.Threads} is in it twice");
        var returned = report.MemoryReturn ?? [];
        for (var i = 0; i < returned.Count; i++)
        {
            if (ReturnRowProblem.Of(returned[i]) is { } problem)
                throw new InvalidFileException(path, $"memoryReturn[{i}] {problem}");
        }

        var busy = report.Results.Where(result => IsPositive(result.OperationsPerSecond)).Select(Whole).ToArray();
        if (busy.Length == 0 && returned.Count == 0)
            throw new InvalidFileException(path, $"nothing was measured (its verdict: {report.Verdict})");
        var ratios = report.Ratios.Where(ratio => ratio is not null && IsPositive(ratio.Ratio) && IsPositive(ratio.Low) && IsPositive(ratio.High)).ToArray();
        return new ScaleFile(Path.GetFileName(path), report with { Results = busy, Ratios = ratios }, report.Results.Count - busy.Length);
    }

    private static string? ProblemOf(ScaleResult? result) => result switch
    {
        null => "is null",
        { Workload.Length: 0 } => "has no workload",
        { Peer.Length: 0 } => "has no peer",
        { Threads: < 1 } => $"has {result.Threads} threads",
        { Memory: { } memory } when memory.Any(point => point is null || !double.IsFinite(point.Seconds) || point.Bytes < 0) => "has a point of memory that is none",
        _ => null,
    };

    // Without figures that no plot has a place for.
    private static ScaleResult Whole(ScaleResult result) => result with
    {
        Spread = double.IsFinite(result.Spread) ? Math.Max(0, result.Spread) : 0,
        Latency = result.Latency is { } latency && IsPositive(latency.P50) && IsPositive(latency.P99) && IsPositive(latency.P999) && IsPositive(latency.Max) ? latency : null,
    };

    private static bool IsPositive(double value) => double.IsFinite(value) && value > 0;
}
