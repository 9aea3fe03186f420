namespace FolioRuntime.Scale.Plays;

/// <summary>One sample: what is played, and what memory comes from meanwhile.</summary>
/// <param name="Play">What is played.</param>
/// <param name="Trim">Has what is kept free given back.</param>
/// <param name="Owner">Ends with the sample, after the play.</param>
internal sealed record Sample(Play Play, Action Trim, IDisposable Owner);
