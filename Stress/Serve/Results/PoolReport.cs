namespace FolioRuntime.Serve.Results;

/// <summary>What was seen of one pool.</summary>
/// <param name="Name">The pool.</param>
/// <param name="Requests">Answered, warm-up and burst included.</param>
/// <param name="CorruptedBytes">Wrong or missing, at either end.</param>
/// <param name="AbortedConnections">Cut by the client.</param>
/// <param name="RequestsPerSecond">Median of the rounds.</param>
/// <param name="LatencyMicroseconds">Of all requests in the rounds.</param>
/// <param name="RssIdleBytes">After the warm-up and a pause, before the burst.</param>
/// <param name="RssPeakBytes">Most at any look.</param>
/// <param name="RssAfterBurstBytes">When the burst's memory had had time to go back.</param>
/// <param name="RequestsByKind">Of the requests, and connections cut.</param>
/// <param name="Failures">Requests not answered, or not as they should be.</param>
/// <param name="BuffersInside">Buffers looked at that lay in the runtime's memory.</param>
/// <param name="BuffersOutside">Buffers looked at that did not.</param>
/// <param name="Fallbacks">Blocks that were arrays because the capacity was spent.</param>
/// <param name="Violations">What the runtime found misused or damaged.</param>
/// <param name="AllocatedBytesPerRequest">On the server's collected heap, in the rounds.</param>
/// <param name="Faults">What is wrong, in words. Empty: nothing.</param>
/// <param name="Memory">Resident memory over time, in at most a hundred points.</param>
internal sealed record PoolReport(
    string Name, long Requests, long CorruptedBytes, long AbortedConnections, double RequestsPerSecond, ServeLatency LatencyMicroseconds, long RssIdleBytes, long RssPeakBytes,
    long RssAfterBurstBytes, IReadOnlyDictionary<string, long> RequestsByKind, long Failures, long BuffersInside, long BuffersOutside, long Fallbacks, long Violations,
    double AllocatedBytesPerRequest, IReadOnlyList<string> Faults, IReadOnlyList<MemoryPoint> Memory);
