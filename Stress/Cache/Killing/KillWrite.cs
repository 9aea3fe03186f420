namespace FolioRuntime.Caching.Killing;

/// <summary>One write.</summary>
/// <param name="Page">To which page.</param>
/// <param name="Cell">The first cell.</param>
/// <param name="Cells">How many.</param>
/// <param name="Version">What they say.</param>
internal readonly record struct KillWrite(int Page, int Cell, int Cells, ulong Version);
