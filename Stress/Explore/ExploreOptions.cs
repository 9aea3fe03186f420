namespace FolioRuntime.Exploration;

/// <summary>What a run of folio-explore was asked for.</summary>
/// <param name="Scenarios">Names.</param>
/// <param name="Memories">Kinds of memory.</param>
/// <param name="Reach">How far, where it isn't as far as each scenario says.</param>
/// <param name="MostExecutions">Of one scene; what has more is cut short.</param>
/// <param name="Seconds">How long the whole run may take; what is left then is not explored.</param>
/// <param name="Json">Where to write the result; null: nowhere.</param>
internal sealed record ExploreOptions(string[] Scenarios, Engine.MemoryKind[] Memories, Reach? Reach, long MostExecutions, double Seconds, string? Json);
