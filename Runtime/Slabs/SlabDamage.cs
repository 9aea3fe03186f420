namespace FolioRuntime.Slabs;

/// <summary>Damage that was found, to be reported once no latch is held.</summary>
/// <param name="Index">The slot it is in, or that led to it.</param>
/// <param name="What">What is wrong, in words.</param>
/// <param name="Dump">The bytes, if it is about bytes.</param>
internal readonly record struct SlabDamage(uint Index, string What, string Dump = "");
