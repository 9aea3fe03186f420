using FolioRuntime.Pages;

namespace FolioRuntime.Slabs;

/// <summary>
/// What the store knows of one thread that owns slabs: those with free slots, and the returns that other threads made of objects in its slabs.
/// Guarded by the cache's latch. Source: mimalloc's per-thread heaps and their delayed frees.
/// </summary>
/// <param name="tables">The frame table.</param>
/// <param name="id">The thread's <see cref="Primitives.ThreadStack.OwnerId"/>.</param>
internal sealed class SlabOwner(FrameTable tables, ulong id)
{
    public ulong Id { get; } = id;

    /// <summary>Its slabs that have free slots. Those without are found by the number on their frames.</summary>
    public SlabList Partial { get; } = new(tables, SlabListKind.OwnedPartial);

    /// <summary>By value, and unchecked: a link through the slots would make a circle of an object that is returned twice.</summary>
    public List<SlabHandle> Inbox { get; } = [];
}
