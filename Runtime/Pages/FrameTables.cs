namespace FolioRuntime.Pages;

/// <summary>Entries of a frame in the tables beside its <see cref="PageFrame"/>. The value of fresh table memory: they hold zeros.</summary>
[Flags]
internal enum FrameTables : byte
{
    None = 0,

    /// <summary>Slot words.</summary>
    SlotWords = 1,

    /// <summary>Slab header and slot bitmap, which mean nothing once the slab is gone.</summary>
    Slab = 2,
}
