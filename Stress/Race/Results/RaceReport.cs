namespace FolioRuntime.Race.Results;

/// <summary>The JSON that --json writes, schema 1. Files and forged are null where they were not part of the run.</summary>
internal sealed record RaceReport(
    int Schema,
    string Tool,
    ulong Seed,
    string Verdict,
    IReadOnlyList<ProtocolResult> Protocols,
    FilesResult? Files,
    ForgeResult? Forged);
