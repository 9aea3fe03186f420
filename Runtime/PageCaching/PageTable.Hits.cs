using System.Runtime.CompilerServices;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>Which folios were hit, as the rings have it.</content>
internal sealed partial class PageTable
{
    /// <summary>Tells the policy of hits. Everything about them is checked: a frame may have gone to somebody else since.</summary>
    [Glance("Which page a frame is may change meanwhile; what is found is checked, and a wrong hit only misleads the policy.")]
    [SkipLocalsInit]
    private void CollectHitsUnsynchronized()
    {
        if (_hits is null)
            return;
        Span<uint> frames = stackalloc uint[AccessRings.MostCollected];
        foreach (var frame in frames[.._hits.CollectUnsynchronized(frames)])
        {
            var page = _folios.CachePageIn(frame);
            if (page < (uint)_pages.Length && _pages[page].State == PageState.Cached && _pages[page].Handle.Frame == frame)
            {
                _pages[page].IsHit = true;
                _policy.Accessed((int)page);
            }
        }
    }
}
