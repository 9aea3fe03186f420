namespace FolioRuntime.Pages;

/// <summary>What a block of frames may be handed out for. The two take their lifetime words from different tables.</summary>
[Flags]
internal enum FrameUses : byte
{
    None = 0,

    /// <summary>A folio: its word is the head frame's.</summary>
    Folio = 1,

    /// <summary>A slab: its slots' words are in the slot word table.</summary>
    Slab = 2,

    /// <summary>Any use: as a request, frames fit for both; as a mark, frames fit for none.</summary>
    Both = Folio | Slab,
}
