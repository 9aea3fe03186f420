using System.Runtime.CompilerServices;
using FolioRuntime.Pages;

namespace FolioRuntime.Slabs;

/// <summary>The slab layer's view of the runtime's tables.</summary>
internal static class SlabTables
{
    /// <summary>The slab header at a frame.</summary>
    // SAFETY: the header table has SlabHeader.Bytes for each frame, committed with it and mapped while the table object is reachable.
    public static unsafe ref SlabHeader Header(this FrameTable tables, uint frame) =>
        ref Unsafe.AsRef<SlabHeader>((void*)tables.SlabHeaderAddress(frame));
}
