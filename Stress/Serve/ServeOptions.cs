using FolioRuntime.Serve.Clients;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve;

/// <summary>What a run of folio-serve was asked for.</summary>
/// <param name="Pools">Whose memory to serve from: the subjects, or one control alone.</param>
/// <param name="WithControls">Whether both controls must be caught first.</param>
/// <param name="Kinds">What is requested.</param>
/// <param name="Seed">Chooses what each worker asks for.</param>
/// <param name="Seconds">How long the rounds take together, about.</param>
/// <param name="Rounds">At least so many, after one that only warms up.</param>
/// <param name="Requests">Goes on until each pool has answered so many.</param>
/// <param name="Aborts">Goes on until so many connections of each pool were cut.</param>
/// <param name="Workers">Requests under way at once.</param>
/// <param name="BurstMebibytes">Bytes that lie in blocks at the height of the burst; 0: no burst.</param>
/// <param name="SettleSeconds">From the end of the burst to the look at what stayed resident.</param>
/// <param name="CapacityMebibytes">Of the runtime.</param>
/// <param name="HeapLimitMebibytes">The collector's limit in each server.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record ServeOptions(
    IReadOnlyList<ServedPool> Pools, bool WithControls, IReadOnlyList<RequestKind> Kinds, ulong Seed, double Seconds, int Rounds, long Requests, long Aborts,
    int Workers, int BurstMebibytes, double SettleSeconds, int CapacityMebibytes, int HeapLimitMebibytes, string? Json);
