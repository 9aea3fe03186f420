using FolioRuntime.Report.Inputs;
using FolioRuntime.Report.Plots;

namespace FolioRuntime.Report.Pages;

/// <summary>A page's section on what stayed of memory that one run returned.</summary>
/// <param name="File">The run.</param>
/// <param name="Anchor">Its place in the page.</param>
/// <param name="Charts">Resident memory over time, one for each row of the run.</param>
public sealed record ReturnContent(ScaleFile File, string Anchor, IReadOnlyList<Chart> Charts);
