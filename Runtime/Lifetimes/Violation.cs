namespace FolioRuntime.Lifetimes;

/// <summary>One case of misuse or damage, as it was found.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Subject">The cache, or "folio", it concerns.</param>
/// <param name="Index">Slot index or frame number.</param>
/// <param name="Generation">The generation in the handle or reference.</param>
/// <param name="Detail">More, in words; may be empty.</param>
/// <param name="Exception">What a destructor threw, if that was it.</param>
public sealed record Violation(ViolationKind Kind, string Subject, uint Index, uint Generation, string Detail, Exception? Exception)
{
    /// <summary>The violation in one sentence, with subject, slot and generation.</summary>
    public override string ToString() =>
        $"{Kind}: {Subject}, slot {Index}, generation {Generation}{(Detail.Length == 0 ? "" : ": " + Detail)}";
}
