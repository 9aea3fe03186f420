namespace FolioRuntime.Serve.Servers;

/// <summary>What the page shows at one moment.</summary>
/// <param name="Pool">Whose memory is served from.</param>
/// <param name="ResidentBytes">The process's.</param>
/// <param name="CommittedBytes">The runtime's pages that were ever used.</param>
/// <param name="AllocatedBytes">The runtime's pages in use.</param>
/// <param name="DiscardedBytes">The runtime's pages whose memory went back.</param>
/// <param name="Violations">What was found misused.</param>
/// <param name="Caches">By name.</param>
internal sealed record PoolView(string Pool, long ResidentBytes, long CommittedBytes, long AllocatedBytes, long DiscardedBytes, long Violations, IReadOnlyList<PoolLine> Caches)
{
    public static PoolView Of(ServedPool pool, PoolRuntime runtime)
    {
        var now = runtime.Snapshot();
        return new PoolView(
            Names.Of(pool), Environment.WorkingSet, now.Pages.CommittedFrames * Frame, now.Pages.AllocatedFrames * Frame, now.Pages.DiscardedBytes, now.Violations.Values.Sum(),
            [.. now.Caches.Select(cache => new PoolLine(
                cache.Name, cache.ActiveObjects, cache.TotalObjects, cache.ObjectBytes, cache.ObjectsPerSlab, cache.PagesPerSlab, cache.ActiveSlabs, cache.TotalSlabs, cache.Fallbacks))]);
    }

    private const long Frame = 4096;
}
