using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>All that a page shows.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Comparison">Of two runs; null: none was asked for.</param>
/// <param name="Boxes">A section each.</param>
/// <param name="Traces">A section each.</param>
/// <param name="Returns">A section each.</param>
public sealed record ReportContent(string Title, ComparisonContent? Comparison, IReadOnlyList<BoxContent> Boxes, IReadOnlyList<TraceContent> Traces,
    IReadOnlyList<ReturnContent> Returns)
{
    /// <summary>When the runs ended, the earliest first; empty where no file says.</summary>
    public IReadOnlyList<DateTimeOffset> Times =>
        [.. Boxes.SelectMany(box => box.Box.Files).Concat(Comparison is { Runs: var runs } ? [runs.Before, runs.After] : []).Concat(Returns.Select(content => content.File))
            .Select(file => file.Report.EndedAt).OfType<DateTimeOffset>().Order()];

    /// <summary>Every plot once.</summary>
    public IEnumerable<Chart> Charts =>
        (Comparison is null ? Enumerable.Empty<Chart>() : [Comparison.Chart]).Concat(Boxes.SelectMany(box => box.Charts)).Concat(Traces.Select(trace => trace.Chart))
            .Concat(Returns.SelectMany(content => content.Charts));
}
