using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Report.Inputs;

/// <summary>A run of folio-scale, read and checked.</summary>
/// <param name="Name">The file's, without its folder.</param>
/// <param name="Report">What it says, without combinations in which nothing was done.</param>
/// <param name="Idle">Combinations in which nothing was done: their samples were too short for one operation.</param>
public sealed record ScaleFile(string Name, ScaleReport Report, int Idle);
