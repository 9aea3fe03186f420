namespace FolioRuntime.Slabs;

/// <summary>The list of its cache that a slab is on.</summary>
internal enum SlabListKind : byte
{
    /// <summary>Not a slab, or on its way.</summary>
    None,

    /// <summary>No free slot; on no list.</summary>
    Full,

    /// <summary>Some slots free: allocated from first.</summary>
    Partial,

    /// <summary>Some slots free, and owned by a thread, which alone allocates from it.</summary>
    OwnedPartial,

    /// <summary>All slots free; kept for a while.</summary>
    Empty,

    /// <summary>Mostly retired slots; not allocated from any more, given back when its last object goes.</summary>
    Worn,

    /// <summary>Damaged: never used again, its pages never given back.</summary>
    Quarantined,
}
