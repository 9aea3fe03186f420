namespace FolioRuntime.Caching.Tracing;

/// <summary>Something whose misses over a trace are counted.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="Misses">How many there are over a trace with a capacity in pages.</param>
/// <param name="LeastPages">The smallest capacity it can have; smaller ones it is left out of.</param>
internal sealed record TraceSubject(string Name, Func<Trace, int, int> Misses, int LeastPages = 1);
