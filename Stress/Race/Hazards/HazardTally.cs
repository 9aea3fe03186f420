namespace FolioRuntime.Race.Hazards;

/// <summary>What was seen of one variant.</summary>
/// <param name="Operations">Calls into it.</param>
/// <param name="Violations">How often it broke what must hold.</param>
/// <param name="FirstSeconds">When it first did; NaN: never.</param>
/// <param name="First">The first one in words.</param>
internal sealed record HazardTally(long Operations, long Violations, double FirstSeconds, string First);
