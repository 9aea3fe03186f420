using System.Globalization;
using System.Text;
using FolioRuntime.Folios;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using FolioRuntime.PageCaching;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;
using FolioRuntime.Slabs;

namespace FolioRuntime.Diagnostics;

/// <summary>
/// What a runtime held at one moment: its caches in the terms of Linux's slabinfo, its pages in those of buddyinfo, and what was
/// misused. <see cref="ToString"/> prints it as a table. Exact when the runtime is quiet.
/// </summary>
public sealed record RuntimeStatistics
{
    /// <summary>One entry a cache, by name.</summary>
    public required IReadOnlyList<SlabCacheStatistics> Caches { get; init; }

    /// <summary>One entry an object pool that isn't disposed, by name. Their slots are in a cache of the same name.</summary>
    public required IReadOnlyList<SlabObjectPoolStatistics> ObjectPools { get; init; }

    /// <summary>One entry a page cache that isn't disposed, by name.</summary>
    public required IReadOnlyList<PageCacheStatistics> PageCaches { get; init; }

    /// <summary>The pages.</summary>
    public required PageStatistics Pages { get; init; }

    /// <summary>The folios.</summary>
    public required FolioStatistics Folios { get; init; }

    /// <summary>What was given back in the background.</summary>
    public required ReclaimStatistics Reclaim { get; init; }

    /// <summary>How often each kind of misuse or damage was found; kinds never found are left out.</summary>
    public required IReadOnlyDictionary<ViolationKind, long> Violations { get; init; }

    /// <summary>The same by what it was found of, as the meter tells it.</summary>
    internal IReadOnlyList<ViolationCount> ViolationsBySubject { get; init; } = [];

    /// <summary>The statistics as text: a line for the pages, a table of the caches, a line of violations.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Pages).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"folios: {Folios.Alive} out, {Folios.Allocated} allocated, {Folios.StaleRejected} stale rejected");
        text.AppendLine(CultureInfo.InvariantCulture, $"reclaim: {Reclaim.Looks} looks, {Reclaim.LooksUnderPressure} under pressure, {Reclaim.WakeUps} wake-ups, {new ByteCount(Reclaim.BytesGivenBack)} given back, {Reclaim.DirectReclaims} direct, {Reclaim.ObjectsShrunk} objects shrunk");
        var width = Math.Max(4, Caches.Select(cache => cache.Name.Length).DefaultIfEmpty(0).Max());
        text.Append("name".PadRight(width)).AppendLine(
            "  active_objs  num_objs  objsize  objperslab  pagesperslab  limit  active_slabs  num_slabs   cached  sharedavail  retired  stale_rejected        rented      returned        misses");
        foreach (var cache in Caches)
        {
            text.Append(cache.Name.PadRight(width)).AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {cache.ActiveObjects,11}  {cache.TotalObjects,8}  {cache.ObjectBytes,7}  {cache.ObjectsPerSlab,10}  {cache.PagesPerSlab,12}  {cache.Limit,5}  {cache.ActiveSlabs,12}  {cache.TotalSlabs,9}  {cache.CachedObjects,7}  {cache.SharedObjects,11}  {cache.RetiredObjects,7}  {cache.StaleRejected,14}  {cache.Rented,12}  {cache.Returned,12}  {cache.ThreadMisses,12}"));
        }

        text.Append("violations: ").Append(Violations.Count == 0
            ? "none"
            : string.Join(", ", Violations.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}"))));
        return text.ToString();
    }

    internal static RuntimeStatistics Of(
        PageAllocator pages, FolioStatistics folios, SlabRegistry slabs, ViolationLog violations, ReclaimStatistics reclaim,
        StatisticsRegister<SlabObjectPoolStatistics> objectPools, StatisticsRegister<PageCacheStatistics> pageCaches)
    {
        return new RuntimeStatistics
        {
            Caches = [.. slabs.Snapshot().Select(cache => cache.Statistics()).OrderBy(cache => cache.Name, StringComparer.Ordinal)],
            ObjectPools = [.. objectPools.Read().OrderBy(pool => pool.Name, StringComparer.Ordinal)],
            PageCaches = [.. pageCaches.Read().OrderBy(cache => cache.Name, StringComparer.Ordinal)],
            Pages = pages.Snapshot(),
            Folios = folios,
            Reclaim = reclaim,
            Violations = Enum.GetValues<ViolationKind>()
                .Select(kind => (Kind: kind, Count: violations.Count(kind)))
                .Where(pair => pair.Count > 0)
                .ToDictionary(pair => pair.Kind, pair => pair.Count),
            ViolationsBySubject = violations.CountBySubject(),
        };
    }
}
