namespace FolioRuntime.PageCaching;

/// <summary>Pages to read ahead.</summary>
/// <param name="First">The first page's index.</param>
/// <param name="Count">How many; 0: none.</param>
/// <param name="Stride">From each to the next.</param>
/// <param name="Marker">The page at which the next window is to be begun, once somebody reads it; below zero: none.</param>
internal readonly record struct ReadaheadWindow(long First, int Count, long Stride, long Marker);
