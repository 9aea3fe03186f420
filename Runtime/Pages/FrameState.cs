namespace FolioRuntime.Pages;

/// <summary>Which list or owner a frame belongs to: one byte, so a state check is O(1).</summary>
internal enum FrameState : byte
{
    /// <summary>Inside a block, not its head; the head's state says what the block is. The value of fresh zero pages, so nothing is written for frames that were never handed out.</summary>
    Tail,

    /// <summary>Heads a block on the buddy's free list of its order.</summary>
    Free,

    /// <summary>In a thread's list of order-0 frames.</summary>
    Cached,

    /// <summary>Heads an allocated block: a folio or a slab.</summary>
    Allocated,

    /// <summary>A single frame whose generations are spent for every use: never handed out again, its memory discarded.</summary>
    Retired,
}
