using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Results;

/// <summary>What was seen of one protocol, over all its scenarios.</summary>
internal sealed record ProtocolResult(
    string Name,
    string Role,
    long Operations,
    long Violations,
    long StaleRejected,
    long Recycles)
{
    [JsonIgnore]
    public bool IsControl => Role == "control";
}
