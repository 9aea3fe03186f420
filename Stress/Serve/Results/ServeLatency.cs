namespace FolioRuntime.Serve.Results;

/// <summary>Microseconds from a request's first step to its last byte.</summary>
internal sealed record ServeLatency(long P50, long P99, long P999);
