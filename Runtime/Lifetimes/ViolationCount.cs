namespace FolioRuntime.Lifetimes;

/// <summary>How often one kind of misuse or damage was found of one subject.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Subject">The cache, pool or other subject; <see cref="ViolationLog.OtherSubjects"/>: all that have no count of their own.</param>
/// <param name="Count">How often.</param>
internal readonly record struct ViolationCount(ViolationKind Kind, string Subject, long Count);
