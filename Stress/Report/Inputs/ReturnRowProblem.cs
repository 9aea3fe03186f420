using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Inputs;

/// <summary>What is wrong with a row of a run with <c>--memory-return</c>.</summary>
internal static class ReturnRowProblem
{
    /// <summary>In words, to go after the row's place; null: it can be shown.</summary>
    public static string? Of(ReturnRow? row) => row switch
    {
        null => "is null",
        { Way.Length: 0 } => "has no way",
        { SizeBytes: < 1 } => $"has objects of {row.SizeBytes} bytes",
        { FilledBytes: < 1 } => $"has {row.FilledBytes} bytes filled",
        _ when !double.IsFinite(row.MetadataPercent) || !IsFigure(row.LeftAfterTrimPercent) || !IsFigure(row.LeftByItselfPercent) => "has a figure that is none",
        { Course.Count: 0 } => "has no course",
        _ when row.Course.Any(point => point is null || !double.IsFinite(point.Seconds) || point.RssBytes < 0 || point.Phase.Length == 0) => "has a point of its course that is none",
        _ => null,
    };

    private static bool IsFigure(double? value) => value is not { } figure || double.IsFinite(figure);
}
