namespace FolioRuntime.Pages;

/// <summary>Which list or owner a frame belongs to: one byte, so a state check is O(1).</summary>
internal enum FrameState : byte
{
    /// <summary>Beyond the committed part of the reservation; the value of fresh zero pages.</summary>
    Uncommitted,

    /// <summary>Heads a block on the buddy's free list of its order.</summary>
    Free,

    /// <summary>In a thread's list of order-0 frames.</summary>
    Cached,

    /// <summary>Heads an allocated block: a folio or a slab.</summary>
    Allocated,

    /// <summary>Heads a block set aside because the generations for the next use asked for are spent; the other use may still take it.</summary>
    SetAside,

    /// <summary>Inside a block, not its head; the head's state says what the block is.</summary>
    Tail,
}
