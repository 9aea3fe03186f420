using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Report.Inputs;

/// <summary>A run of folio-cache trace, read and checked.</summary>
/// <param name="Name">The file's, without its folder.</param>
/// <param name="Report">What it says.</param>
public sealed record TraceFile(string Name, TraceReport Report);
