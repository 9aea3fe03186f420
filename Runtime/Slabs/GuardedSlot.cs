using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>One slot on pages of its own. Guarded by the latch of <see cref="SlabGuards"/>.</summary>
/// <param name="index">The slot's index: a word of one of the block's frames.</param>
/// <param name="block">First frame of the block, which is the guard in front.</param>
/// <param name="pages">Address of the pages between the guards.</param>
internal sealed class GuardedSlot(uint index, FrameNumber block, nint pages)
{
    public uint Index { get; } = index;

    public FrameNumber Block { get; } = block;

    public nint Pages { get; } = pages;

    public bool IsRented { get; set; }

    /// <summary>Its damage has been told, and it is never used again.</summary>
    public bool IsWithdrawn { get; set; }
}
