namespace FolioRuntime.Race.Hazards;

/// <summary>One row of the catalog: a hazard that real threads can meet, and the experiment that shows whether they do.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Numbers">Its numbers in docs/HAZARDS.md.</param>
/// <param name="Words">The hazard in words.</param>
/// <param name="Control">What the control does wrong.</param>
/// <param name="Create">Sets the stage.</param>
internal sealed record Hazard(string Name, IReadOnlyList<int> Numbers, string Words, string Control, Func<HazardSetting, HazardScene> Create);
