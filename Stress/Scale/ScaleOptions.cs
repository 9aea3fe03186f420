namespace FolioRuntime.Scale;

/// <summary>What a run of folio-scale was asked for.</summary>
/// <param name="Workloads">Names.</param>
/// <param name="Peers">Names.</param>
/// <param name="Threads">Numbers of processors to run on, ascending.</param>
/// <param name="Rounds">Samples of each.</param>
/// <param name="Seconds">How long the whole run takes, about.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record ScaleOptions(IReadOnlyList<string> Workloads, IReadOnlyList<string> Peers, IReadOnlyList<int> Threads, int Rounds, double Seconds, string? Json);
