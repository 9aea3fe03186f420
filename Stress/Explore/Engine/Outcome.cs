namespace FolioRuntime.Exploration.Engine;

/// <summary>How one execution went.</summary>
/// <param name="Failure">What was wrong, in words; null: nothing.</param>
/// <param name="IsRedundant">Its end had been seen in another execution.</param>
/// <param name="IsDisturbed">The garbage collector moved objects, so that addresses of before and after mean different things: it must be repeated.</param>
/// <param name="State">The state at the end, if the scene tells it.</param>
/// <param name="Steps">Number of steps.</param>
internal sealed record Outcome(string? Failure, bool IsRedundant, bool IsDisturbed, string? State, int Steps);
