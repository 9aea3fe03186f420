namespace FolioRuntime.Pages;

/// <summary>What a frame's memory holds when it is handed out.</summary>
internal enum FrameContent : byte
{
    /// <summary>Zeros: never used since it was committed, or discarded by a system that says so. Takes no memory yet. The value of fresh table memory.</summary>
    Zero,

    /// <summary>Whatever the last user left.</summary>
    Written,

    /// <summary>Anything: discarded on a system that doesn't promise zeros. Takes no memory yet.</summary>
    Discarded,
}
