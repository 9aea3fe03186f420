namespace FolioRuntime.Slabs;

/// <content>Giving up what nobody works with.</content>
public sealed partial class SlabCache
{
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
