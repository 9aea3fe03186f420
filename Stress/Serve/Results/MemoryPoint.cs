namespace FolioRuntime.Serve.Results;

/// <summary>Resident bytes of a server, seconds after its start.</summary>
internal sealed record MemoryPoint(double Seconds, long Bytes);
