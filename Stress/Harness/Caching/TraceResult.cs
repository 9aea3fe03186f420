namespace FolioRuntime.Harness.Caching;

/// <summary>How a policy did over a trace.</summary>
/// <param name="Trace">The trace's name.</param>
/// <param name="Policy">The policy's.</param>
/// <param name="SizePages">The cache's capacity.</param>
/// <param name="MissRatio">Misses as a part of all accesses.</param>
public sealed record TraceResult(string Trace, string Policy, int SizePages, double MissRatio);
