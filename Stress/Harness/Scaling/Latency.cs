namespace FolioRuntime.Harness.Scaling;

/// <summary>How long single operations took, in nanoseconds, the clock's own time included: each rent and each return; of what rents nothing, each operation.</summary>
/// <param name="P50">Median.</param>
/// <param name="P99">99 in 100 took no longer.</param>
/// <param name="P999">999 in 1,000 took no longer.</param>
/// <param name="Max">The longest.</param>
/// <param name="Count">Calls timed.</param>
public sealed record Latency(double P50, double P99, double P999, double Max, long Count);
