namespace FolioRuntime.Report;

/// <summary>What folio-report was asked for.</summary>
/// <param name="Files">Results of folio-scale and of folio-cache trace.</param>
/// <param name="Compare">Two more, before and after; empty: none.</param>
/// <param name="Output">The page, if it ends as one; otherwise the folder for it.</param>
/// <param name="BasePeer">What times are relative to.</param>
/// <param name="Title">Of the page; null: what there is says it.</param>
/// <param name="WritePngs">Whether the plots are written beside the page too.</param>
internal sealed record ReportOptions(IReadOnlyList<string> Files, IReadOnlyList<string> Compare, string Output, string BasePeer, string? Title, bool WritePngs)
{
    public const string PageName = "report.html";
    public const string ScaleTitle = "Throughput against threads";
    public const string TraceTitle = "Miss ratios of replacement policies";
    public const string ReturnTitle = "What stays of memory that is returned";

    public string Page => Output.EndsWith(".html", StringComparison.OrdinalIgnoreCase) ? Path.GetFullPath(Output) : Path.Combine(Path.GetFullPath(Output), PageName);
}
