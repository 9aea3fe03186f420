namespace FolioRuntime.Laboratory;

/// <summary>A mistake to plant in the instrumented build, and the scenario that must notice it.</summary>
/// <param name="Name">A short name.</param>
/// <param name="About">What is wrong with it.</param>
/// <param name="File">Path from the repository's root, with forward slashes, of a source of the instrumented build.</param>
/// <param name="Original">Text that the file has exactly once; how its lines are indented and end doesn't matter.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="KilledBy">The scenario's name.</param>
public sealed record Mutant(string Name, string About, string File, string Original, string Replacement, string KilledBy);
