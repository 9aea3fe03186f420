using FolioRuntime.Harness.Caching;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>A page's section on one trace.</summary>
/// <param name="Facts">The trace.</param>
/// <param name="FileName">The run's.</param>
/// <param name="Anchor">Its place in the page.</param>
/// <param name="SizesPages">Ascending.</param>
/// <param name="Rows">A policy each, the fewest misses first.</param>
/// <param name="Chart">Miss ratios against sizes.</param>
public sealed record TraceContent(TraceFacts Facts, string FileName, string Anchor, IReadOnlyList<int> SizesPages, IReadOnlyList<TraceRow> Rows, Chart Chart);
