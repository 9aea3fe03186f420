namespace FolioRuntime.Serve.Results;

/// <summary>What became of a control.</summary>
/// <param name="Name">The control.</param>
/// <param name="IsCaught">By what it is there for.</param>
/// <param name="Requests">Answered until then.</param>
/// <param name="Faults">All that was wrong with it, in words.</param>
internal sealed record ControlReport(string Name, bool IsCaught, long Requests, IReadOnlyList<string> Faults);
