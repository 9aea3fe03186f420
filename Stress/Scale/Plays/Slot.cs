namespace FolioRuntime.Scale.Plays;

/// <summary>A place for a rented piece.</summary>
/// <param name="Item">The piece.</param>
/// <param name="SizeBytes">Its size; 0: the place is empty.</param>
internal readonly record struct Slot<TItem>(TItem Item, int SizeBytes);
