namespace FolioRuntime.Primitives;

/// <summary>What a <see cref="ThreadStackSet"/> holds. A glance unless every thread is quiet.</summary>
/// <param name="Cached">Items in all stacks.</param>
/// <param name="Shared">Items in the depot.</param>
/// <param name="Capacity">Items that a stack may hold.</param>
internal readonly record struct ThreadStackCounts(long Cached, long Shared, int Capacity);
