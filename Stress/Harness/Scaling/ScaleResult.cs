namespace FolioRuntime.Harness.Scaling;

/// <summary>Medians over the rounds of one workload with one peer.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Peer">Its name.</param>
/// <param name="Threads">Processors in use.</param>
/// <param name="OperationsPerSecond">Of all threads together.</param>
/// <param name="NanosecondsPerOperation">Of one thread.</param>
/// <param name="Spread">Between the quartiles of the operations per second, as a part of the median.</param>
/// <param name="RssPeakBytes">Most resident memory of the process during a sample.</param>
/// <param name="RssAfterBytes">Resident memory after a sample's memory was given back and trimmed.</param>
/// <param name="Rounds">Samples.</param>
/// <param name="Latency">Of single operations; null where they weren't timed.</param>
/// <param name="Memory">Resident memory during the last sample; null where nobody watched.</param>
/// <param name="Samples">Operations per second in each round; those of one index are of one round, whatever the row.</param>
public sealed record ScaleResult(
    string Workload, string Peer, int Threads, double OperationsPerSecond, double NanosecondsPerOperation, double Spread, long RssPeakBytes, long RssAfterBytes, int Rounds, Latency? Latency = null,
    IReadOnlyList<MemoryPoint>? Memory = null, IReadOnlyList<double>? Samples = null);
