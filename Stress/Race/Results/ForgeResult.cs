using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Results;

/// <summary>
/// What came of forged handles. Rightly accepted: the handle happened to name an object that was alive at some instant of
/// the call. Wrongly: accepted although none was.
/// </summary>
internal sealed record ForgeResult(long Attempts, long RightlyAccepted, long WronglyAccepted)
{
    /// <summary>Live objects that forged handles changed or ended, and frames lost.</summary>
    [JsonIgnore]
    public long Damaged { get; init; }
}
