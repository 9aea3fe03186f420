namespace FolioRuntime.Race.Results;

/// <summary>
/// The JSON that --json writes, schema 1. Files, forged and memory are null, hazards are empty, where they were not part of the run.
/// Strength says how often each control that ran was caught.
/// </summary>
internal sealed record RaceReport(
    int Schema,
    string Tool,
    ulong Seed,
    string Verdict,
    IReadOnlyList<ProtocolResult> Protocols,
    FilesResult? Files,
    ForgeResult? Forged,
    IReadOnlyList<HazardResult> Hazards,
    IReadOnlyList<DetectorStrength> Strength,
    MemoryResult? Memory);
