namespace FolioRuntime.Primitives;

/// <summary>How a <see cref="ThreadStackSet"/>'s depot is to be. The default is none.</summary>
/// <param name="Magazines">How many magazines; 0: no depot.</param>
/// <param name="MagazineRoom">Most items in one.</param>
/// <param name="LargestCapacity">Up to which stacks grow while threads get into each other's way at the depot.</param>
internal readonly record struct DepotPlan(int Magazines, int MagazineRoom, int LargestCapacity);
