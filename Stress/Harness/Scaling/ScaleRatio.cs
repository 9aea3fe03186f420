namespace FolioRuntime.Harness.Scaling;

/// <summary>The time of one operation with one peer as a part of that with another, both in the same round: below 1 the first is faster.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Threads">Processors in use.</param>
/// <param name="Of">The first peer.</param>
/// <param name="To">The other.</param>
/// <param name="Ratio">Median over the rounds.</param>
/// <param name="Low">Lower quartile.</param>
/// <param name="High">Upper quartile.</param>
public sealed record ScaleRatio(string Workload, int Threads, string Of, string To, double Ratio, double Low, double High);
