using System.Text.Json;
using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Report.Inputs;

/// <summary>Reads what folio-cache trace wrote, and refuses everything else with a reason.</summary>
internal static class TraceFileReader
{
    /// <exception cref="InvalidFileException">It isn't a result of folio-cache trace with something in it.</exception>
    /// <exception cref="JsonException">A part is missing or of another kind.</exception>
    public static TraceFile Read(string path, JsonElement root)
    {
        if (JsonInput.ProblemOfHead(root, TraceReport.ToolName, TraceReport.CurrentSchema) is { } problem)
            throw new InvalidFileException(path, problem);
        if (!root.TryGetProperty("mode", out var mode) || mode.ValueKind != JsonValueKind.String || mode.GetString() != TraceReport.ModeName)
            throw new InvalidFileException(path, $"it isn't a result of {TraceReport.ToolName} {TraceReport.ModeName}, but of another mode");
        var report = root.Deserialize(TraceJson.Default.TraceReport)!;
        return ProblemOf(report) is { } wrong ? throw new InvalidFileException(path, wrong) : new TraceFile(Path.GetFileName(path), report);
    }

    private static string? ProblemOf(TraceReport report)
    {
        if (report.Results.Count == 0)
            return $"nothing was measured (its verdict: {report.Verdict})";
        var names = report.Traces.Select(trace => trace?.Name).ToArray();
        for (var i = 0; i < report.Results.Count; i++)
        {
            if (report.Results[i] is not { SizePages: > 0, MissRatio: >= 0 and <= 1, Policy.Length: > 0 } result || !names.Contains(result.Trace))
                return $"results[{i}] has no trace, no policy, no size or no ratio";
        }

        var twice = report.Results.GroupBy(result => (result.Trace, result.Policy, result.SizePages)).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (twice is { } key)
            return $"{key.Policy} over {key.Trace} with {key.SizePages} pages is in it twice";
        return names.Distinct().Count() < names.Length || report.Traces.Any(trace => !report.Results.Any(result => result.Trace == trace?.Name))
            ? "it has a trace twice, or one without results"
            : null;
    }
}
