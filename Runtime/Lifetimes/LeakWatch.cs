namespace FolioRuntime.Lifetimes;

/// <summary>
/// What an owner object has of a rent that is watched: a notice when the owner is garbage though it was never disposed. Reachable from the owner only. The object is
/// reported and not given back: a span of its memory doesn't keep its owner, and may be in use still.
/// </summary>
/// <param name="tracks">
/// Those of the owner's cache. Weak, so that it leads nowhere when they go in the same collection: the memory behind the lifetime words may be gone by then.
/// </param>
/// <param name="index">Slot index or frame number.</param>
/// <param name="generation">The owner's life of it.</param>
internal sealed class LeakWatch(WeakReference<LifeTracks> tracks, uint index, uint generation) : IDisposable
{
    ~LeakWatch()
    {
        if (tracks.TryGetTarget(out var alive))
            alive.Lost(index, generation);
    }

    /// <summary>The owner was disposed.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
