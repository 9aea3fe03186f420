namespace FolioRuntime.Slabs;

/// <summary>How long nothing was taken from a slab or given to it. It decides when the memory of its free frames goes back.</summary>
internal enum SlabRest : byte
{
    /// <summary>Used since the last look.</summary>
    Used,

    /// <summary>Not used between two looks.</summary>
    Resting,

    /// <summary>Not used since the memory of its free frames went back.</summary>
    Discarded,
}
