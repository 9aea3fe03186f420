using FolioRuntime.Harness.Scaling;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>A page's section on one workload.</summary>
/// <param name="Name">The workload's.</param>
/// <param name="Anchor">Its place in the page.</param>
/// <param name="About">What it is; null where no file says.</param>
/// <param name="BasePeer">What times are relative to.</param>
/// <param name="Charts">Its plots.</param>
/// <param name="Rows">Its figures, by threads, the fastest first.</param>
public sealed record WorkloadContent(string Name, string Anchor, ScaleWorkload? About, string BasePeer, IReadOnlyList<Chart> Charts, IReadOnlyList<FigureRow> Rows);
