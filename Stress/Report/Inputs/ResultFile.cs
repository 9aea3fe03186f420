namespace FolioRuntime.Report.Inputs;

/// <summary>A file of either tool: one of the two is there.</summary>
/// <param name="Scale">Of folio-scale.</param>
/// <param name="Trace">Of folio-cache trace.</param>
internal sealed record ResultFile(ScaleFile? Scale, TraceFile? Trace);
