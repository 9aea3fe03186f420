namespace FolioRuntime.Scale.Measurements;

/// <summary>What one operation took in each round.</summary>
/// <param name="Workload">Name of the workload.</param>
/// <param name="Peer">Name of the peer.</param>
/// <param name="Threads">Processors in use.</param>
/// <param name="Nanoseconds">Of one thread's operation, a round each.</param>
internal sealed record RoundTimes(string Workload, string Peer, int Threads, IReadOnlyList<double> Nanoseconds);
