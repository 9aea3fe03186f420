using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Caching.Killing;

/// <summary>What folio-cache kill writes as JSON.</summary>
/// <param name="Schema">Of this file: <see cref="CurrentSchema"/>.</param>
/// <param name="Tool">Who wrote it.</param>
/// <param name="Mode">The sub-command: <see cref="ModeName"/>.</param>
/// <param name="Verdict">How the run ended.</param>
/// <param name="Seed">Of what was written.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Kills">Writers killed, without those of the controls.</param>
/// <param name="KillsAfterFlush">Those that had flushed before.</param>
/// <param name="Flushes">How often they had.</param>
/// <param name="BytesChecked">Bytes that were looked at, after all kills.</param>
/// <param name="WrongPages">Pages that were no content that they ever had.</param>
/// <param name="LostPages">Pages that had an older content than was flushed.</param>
/// <param name="TornPages">Pages that were torn, which their checksums told.</param>
/// <param name="Faults">The first wrong or lost pages, each in a line.</param>
/// <param name="Controls">What had to be noticed, and how often it was.</param>
internal sealed record KillReport(
    int Schema, string Tool, string Mode, string Verdict, ulong Seed, MachineInfo Machine, double Seconds, int Kills, int KillsAfterFlush, long Flushes, long BytesChecked, int WrongPages, int LostPages,
    int TornPages, IReadOnlyList<string> Faults, IReadOnlyList<CacheControl> Controls)
{
    public const int CurrentSchema = 1;
    public const string ModeName = "kill";
}
