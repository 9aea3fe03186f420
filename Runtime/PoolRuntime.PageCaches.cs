using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;

namespace FolioRuntime;

/// <content>The page caches, which end with the runtime.</content>
public sealed partial class PoolRuntime
{
    // Under its latch.
    private readonly Latch _pageCachesLatch = new();
    private readonly List<PageCache> _pageCaches = [];

    private readonly StatisticsRegister<PageCacheStatistics> _pageCacheRegister = new();

    /// <summary>Makes a page cache, whose pages count against the runtime's capacity and go when its memory is short.</summary>
    /// <param name="options">How it is set up.</param>
    /// <returns>The cache, owned by the caller; disposing the runtime disposes it too.</returns>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public PageCache CreatePageCache(PageCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var cache = new PageCache(Folios, _reclaimer.Shrinkers, options, Options.TimeProvider, Forget);
        using (_pageCachesLatch.Hold())
        {
            if (!IsDisposed)
            {
                _pageCaches.Add(cache);
                _pageCacheRegister.Add(cache);
                return cache;
            }
        }

        cache.Dispose();
        throw new ObjectDisposedException(nameof(PoolRuntime));
    }

    private PageCache[] PageCaches()
    {
        using (_pageCachesLatch.Hold())
            return [.. _pageCaches];
    }

    private void Forget(PageCache cache)
    {
        using (_pageCachesLatch.Hold())
            _pageCaches.Remove(cache);
        _pageCacheRegister.Remove(cache);
    }
}
