using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Results;

/// <summary>Whether memory stayed steady while a run of hours went on: medians of the second and of the last quarter of it.</summary>
internal sealed record MemoryResult(
    double Hours,
    int Samples,
    bool IsSteady,
    long EarlyResidentBytes,
    long LateResidentBytes,
    long EarlyHeapBytes,
    long LateHeapBytes)
{
    /// <summary>The rule and what came of it, in words.</summary>
    [JsonIgnore]
    public string Remark { get; init; } = "";

    /// <summary>False: the run was too short to tell.</summary>
    [JsonIgnore]
    public bool IsKnown { get; init; } = true;
}
