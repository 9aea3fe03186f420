namespace FolioRuntime.Slabs;

/// <content>Giving up what nobody works with.</content>
public sealed partial class SlabCache
{
    /// <summary>As <see cref="Trim"/>, but only for what lay unused since the last call.</summary>
    internal void TrimIdle()
    {
        _stacks.DrainIdle(_store.GiveQuietly);
        _store.ReleaseIdle();
    }
}
