namespace FolioRuntime.Report.Pages;

/// <summary>A policy's miss ratios.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Ratios">One a size; null where it wasn't played.</param>
/// <param name="Mean">Of those that there are.</param>
public sealed record TraceRow(string Policy, IReadOnlyList<double?> Ratios, double Mean);
