using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <content>Giving up what nobody works with.</content>
public sealed partial class SlabCache
{
    // Writer: the pool, once, as it is made. Readers: whoever trims the runtime. Weak: a cache keeps no pool alive.
    private WeakReference<IIdleObjects>? _pool;

    /// <summary>From now on what lies idle in a pool above goes with <see cref="DropIdleObjects"/>.</summary>
    internal void StandFor(IIdleObjects pool) => Atomics.StoreRelease(ref _pool, new WeakReference<IIdleObjects>(pool));

    /// <summary>Has the pool above, if there is one, drop its idle objects.</summary>
    internal void DropIdleObjects(bool onlyUnused)
    {
        if (Atomics.LoadAcquire(ref _pool) is { } weak && weak.TryGetTarget(out var pool))
            pool.DropIdle(onlyUnused);
    }

    /// <summary>As <see cref="Trim"/>, but only for what lay unused since the last call.</summary>
    internal void TrimIdle()
    {
        // Returns that wait for an owner hold its slabs, and an owner with an empty stack doesn't look idle.
        if (_store.Counts().ReturnsWaiting > 0)
            DrainStacks();
        else
            _stacks.DrainIdle(_store.GiveQuietly);
        _store.ReleaseIdle();
    }
}
