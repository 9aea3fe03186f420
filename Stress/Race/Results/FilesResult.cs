using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Results;

/// <summary>What came of caching real files: how many were read whole, how many bytes were compared with the file, and how many reads differed from it.</summary>
internal sealed record FilesResult(long Count, long Bytes, long Mismatches)
{
    /// <summary>Broken promises of other kinds: stale handles accepted, live ones refused, frames lost, misuse reported.</summary>
    [JsonIgnore]
    public long Violations { get; init; }

    /// <summary>More about it, for the reader of the table.</summary>
    [JsonIgnore]
    public string Remark { get; init; } = "";
}
