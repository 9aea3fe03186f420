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
    long? ForgeAttempts)
{
    /// <summary>Given: rounds of <see cref="Seconds"/> each, with a seed of their own, until so many hours are over.</summary>
    public double? Hours { get; init; }
}
