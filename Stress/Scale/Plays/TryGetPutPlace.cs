namespace FolioRuntime.Scale.Plays;

/// <summary>Where the objects of a <see cref="TryGetPut"/> lie.</summary>
internal enum TryGetPutPlace
{
    /// <summary>Each thread's on cache lines of its own, and so its lifetime word.</summary>
    FarApart,

    /// <summary>Each thread's next to the others', so that their lifetime words share a cache line.</summary>
    Neighbours,

    /// <summary>All threads use one.</summary>
    OneForAll,
}
