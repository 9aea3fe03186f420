namespace FolioRuntime.Scale.Plays;

/// <summary>One sample: what is played, and what memory comes from meanwhile.</summary>
/// <param name="Begin">Sets up what is played.</param>
/// <param name="Trim">Has what is kept free given back.</param>
/// <param name="Owner">Ends with the sample, after the play.</param>
internal sealed record Sample(Func<Play> Begin, Action Trim, IDisposable Owner)
{
    /// <summary>
    /// Sets up what is played before, and not measured, so that memory has come from the system when time is taken: that of a runtime made for the sample, as that of an allocator
    /// which lives as long as the process. Null: nothing is.
    /// </summary>
    public Func<Play>? Rehearse { get; init; }
}
