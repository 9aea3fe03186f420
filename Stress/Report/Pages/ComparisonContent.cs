using FolioRuntime.Report.Comparisons;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>A page's section on two runs.</summary>
/// <param name="Runs">The two.</param>
/// <param name="Chart">Of all ratios.</param>
public sealed record ComparisonContent(RunComparison Runs, Chart Chart);
