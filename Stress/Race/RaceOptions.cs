namespace FolioRuntime.Race;

/// <summary>The command line, read.</summary>
internal sealed record RaceOptions(
    double Seconds,
    int Threads,
    ulong Seed,
    IReadOnlyList<string> Protocols,
    IReadOnlyList<string> Scenarios,
    string? FilesDirectory,
    string? JsonPath,
    string? TracePath,
    bool Explain,
    long? ForgeAttempts);
