using System.Text.Json;
using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Inputs;

/// <summary>Reads what folio-scale wrote, and refuses everything else with a reason.</summary>
internal static class ScaleFileReader
{
    /// <exception cref="InvalidFileException">It can't be read, or isn't a result of folio-scale with something measured.</exception>
    public static ScaleFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            if (ProblemOfHead(document.RootElement) is { } problem)
                throw new InvalidFileException(path, problem);
            return Checked(path, document.Deserialize(ScaleJson.Default.ScaleReport)!);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidFileException(path, "there is no such file");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, Directory.Exists(path) ? "it is a folder" : $"it can't be read ({refusal.Message.TrimEnd('.')})");
        }
        catch (JsonException error) when (error.Path is { } place)
        {
            throw new InvalidFileException(path, $"schema {ScaleReport.CurrentSchema} is broken at {place} ({FirstSentence(error.Message)})");
        }
        catch (JsonException error)
        {
            throw new InvalidFileException(path, $"it isn't JSON ({FirstSentence(error.Message)}, line {error.LineNumber + 1})");
        }
    }

    private static string? ProblemOfHead(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("tool", out var tool))
            return "it is JSON, but not a result of folio-scale: it names no tool";
        if (tool.ValueKind != JsonValueKind.String || tool.GetString() != ScaleReport.ToolName)
            return $"it isn't a result of {ScaleReport.ToolName}, but of {tool}";
        if (!root.TryGetProperty("schema", out var schema))
            return "it names no schema";
        return schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var number) && number == ScaleReport.CurrentSchema
            ? null
            : $"it has schema {schema}; this program reads schema {ScaleReport.CurrentSchema}";
    }

    private static ScaleFile Checked(string path, ScaleReport report)
    {
        for (var i = 0; i < report.Results.Count; i++)
        {
            if (ProblemOf(report.Results[i]) is { } problem)
                throw new InvalidFileException(path, $"results[{i}] {problem}");
        }

        if (report.Results.GroupBy(result => (result.Workload, result.Peer, result.Threads)).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new InvalidFileException(path, $"{twice.Workload} with {twice.Peer} on {twice.Threads} is in it twice");
        var busy = report.Results.Where(result => IsPositive(result.OperationsPerSecond)).Select(Whole).ToArray();
        if (busy.Length == 0)
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

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');
}
