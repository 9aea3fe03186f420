using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Boxes;

namespace FolioRuntime.Report.Pages;

/// <summary>A row of a workload's table.</summary>
/// <param name="Result">What was measured.</param>
/// <param name="Time">Relative to the base; null where the base wasn't measured on so many threads.</param>
public sealed record FigureRow(ScaleResult Result, RelativeTime? Time);
