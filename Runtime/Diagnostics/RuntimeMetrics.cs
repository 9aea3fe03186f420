using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Diagnostics;

/// <summary>
/// One meter for all runtimes of the process, named <see cref="MeterName"/>: OpenTelemetry's <c>AddMeter</c> and <c>dotnet-counters</c> take it by that name. Every instrument is
/// observable and reads the statistics that there are, so that nothing more is counted on the way of a rent or return, and nobody who doesn't listen pays. What each
/// means is in docs/METRICS.md. A runtime reports from its making until its dispose begins, and none is kept alive by it.
/// </summary>
public static class RuntimeMetrics
{
    /// <summary>The name to listen to.</summary>
    public const string MeterName = "FolioRuntime";

    internal const string Prefix = "folioruntime.";
    internal const string CacheTag = Prefix + "cache.name";
    internal const string ObjectPoolTag = Prefix + "object_pool.name";
    internal const string PageCacheTag = Prefix + "page_cache.name";
    internal const string KindTag = Prefix + "violation.kind";
    internal const string SubjectTag = Prefix + "violation.subject";

    // Everything of a runtime holds its registry. What is told of a runtime holds the runtime, and with it the registry, which keeps nothing alive here.
    private static readonly ConditionalWeakTable<SlabRegistry, MeteredRuntime> s_living = [];

    private static readonly string[] s_kindNames = [.. Enum.GetValues<ViolationKind>().Select(kind => SnakeCase(kind.ToString()))];

    private static int s_instruments;

    static RuntimeMetrics()
    {
        AddMemory();
        AddEvents();
        AddCaches();
        AddObjectPools();
        AddPageCaches();
    }

    internal static Meter Meter { get; } = new(MeterName);

    internal static void Add(SlabRegistry registry, MeteredRuntime runtime) => s_living.Add(registry, runtime);

    internal static void Remove(SlabRegistry registry) => s_living.Remove(registry);

    /// <summary>DoubleReturn → double_return.</summary>
    internal static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static void AddMemory()
    {
        Level("memory.capacity", "By", "Most bytes that folios and slabs may take together.", now => Bytes(now.Pages.CapacityFrames));
        Level("memory.committed", "By", "Bytes taken from the reservation so far.", now => Bytes(now.Pages.CommittedFrames));
        Level("memory.used", "By", "Bytes in folios and slabs, free slots of these included.", now => Bytes(now.Pages.AllocatedFrames));
        Level("memory.reserved", "By", "Address space reserved for folios and slabs.", now => now.Pages.ReservedBytes);
        Level("memory.free", "By", "Bytes ready to be handed out.", now => Bytes(now.Pages.FreeFrames));
        Level("memory.cached", "By", "Of the bytes ready to be handed out, those that threads keep for themselves.", now => Bytes(now.Pages.CachedFrames));
        Level("memory.retired", "By", "Bytes never to be handed out again: the generations of their handles are spent.", now => Bytes(now.Pages.RetiredFrames));
        Total("memory.discarded", "By", "Bytes given back to the system, by whatever trimmed.", now => now.Pages.DiscardedBytes);
        Level("folio.count", "{folio}", "Folios with users.", now => now.Folios.Alive);
        Total("folio.allocated", "{folio}", "Folios handed out.", now => now.Folios.Allocated);
        Total("folio.stale_rejected", "{lookup}", "Look-ups of folios refused because the handle's folio was gone.", now => now.Folios.StaleRejected);
        Total("folio.frozen_met", "{lookup}", "Look-ups of folios that somebody held frozen.", now => now.Folios.FrozenMet);
        Total("folio.saturated", "{lookup}", "Look-ups of folios refused because the folio had too many references.", now => now.Folios.SaturatedRejected);
    }

    private static void AddEvents()
    {
        Total("reclaim.looks", "{look}", "Times that the background reclaimer looked.", now => now.Reclaim.Looks);
        Total("reclaim.looks_under_pressure", "{look}", "Of these, those that found memory short and trimmed everything.", now => now.Reclaim.LooksUnderPressure);
        Total("reclaim.looks_failed", "{look}", "Of all, those that ended in an exception.", now => now.Reclaim.LooksFailed);
        Total("reclaim.discarded", "By", "Bytes that the background reclaimer gave back to the system.", now => now.Reclaim.BytesGivenBack);
        Total("reclaim.wake_ups", "{allocation}", "Allocations that woke the background reclaimer because little was left.", now => now.Reclaim.WakeUps);
        Total("reclaim.direct", "{allocation}", "Allocations that found no memory and tried to free some themselves.", now => now.Reclaim.DirectReclaims);
        Total("reclaim.shrunk", "{object}", "What shrinkers said they freed, in units of their own.", now => now.Reclaim.ObjectsShrunk);
        Total("reclaim.shrinkers_failed", "{call}", "Calls of shrinkers that ended in an exception.", now => now.Reclaim.ShrinkersFailed);
        Add("violations", "{violation}", "Misuse, damage and leaks found, by kind and by the cache or pool that they concern.", grows: true, (runtime, now) => now.ViolationsBySubject.Select(found =>
            runtime.Measure(found.Count, new KeyValuePair<string, object?>(KindTag, s_kindNames[(int)found.Kind]), new KeyValuePair<string, object?>(SubjectTag, found.Subject))));
    }

    private static void AddCaches()
    {
        CacheLevel("cache.slot.used", "{slot}", "Objects with users.", cache => cache.ActiveObjects);
        CacheLevel("cache.slot.count", "{slot}", "Slots in all slabs.", cache => cache.TotalObjects);
        CacheLevel("cache.slot.cached", "{slot}", "Free objects that threads keep for themselves.", cache => cache.CachedObjects);
        CacheLevel("cache.slot.shared", "{slot}", "Free objects in the depot, through which threads exchange them.", cache => cache.SharedObjects);
        CacheLevel("cache.slot.retired", "{slot}", "Slots of present slabs whose words have issued their last generation.", cache => cache.RetiredObjects);
        CacheLevel("cache.slot.returning", "{slot}", "Objects returned on other threads than the one that owns the slab, which it has yet to judge.", cache => cache.ReturnsOnTheWay);
        CacheLevel("cache.slot.guarded", "{slot}", "Objects with users that are on pages of their own.", cache => cache.GuardedObjects);
        CacheTotal("cache.slot.retirements", "{slot}", "Slots ever retired.", cache => cache.RetiredEver);
        CacheLevel("cache.slab.count", "{slab}", "Slabs.", cache => cache.TotalSlabs);
        CacheLevel("cache.slab.active", "{slab}", "Slabs with at least one slot out of them.", cache => cache.ActiveSlabs);
        CacheLevel("cache.slab.quarantined", "{slab}", "Damaged slabs that are never used again.", cache => cache.QuarantinedSlabs);
        CacheLevel("cache.slab.worn", "{slab}", "Slabs most of whose slots are retired, from which nothing is taken any more.", cache => cache.WornSlabs);
        CacheTotal("cache.slab.created", "{slab}", "Slabs ever made.", cache => cache.SlabsCreated);
        CacheLevel("cache.memory.used", "By", "Bytes of all slabs.", cache => cache.TotalSlabs * Bytes(cache.PagesPerSlab));
        CacheTotal("cache.stale_rejected", "{lookup}", "Look-ups refused because the handle's object was gone, or not of this cache.", cache => cache.StaleRejected);
        CacheTotal("cache.saturated", "{lookup}", "Look-ups refused because the object had too many references.", cache => cache.Saturated);
        CacheTotal("cache.rented", "{object}", "Objects handed out.", cache => cache.Rented);
        CacheTotal("cache.returned", "{object}", "Objects that came back for good: returned, and their last reference gone.", cache => cache.Returned);
        CacheTotal("cache.thread_hits", "{rent}", "Rents that their thread's own free objects served.", cache => cache.ThreadHits);
        CacheTotal("cache.thread_misses", "{rent}", "Rents that found their thread without a free object.", cache => cache.ThreadMisses);
        CacheTotal("cache.refills", "{batch}", "Batches of free objects that threads without any took, from the depot or from slabs.", cache => cache.Refills);
        CacheTotal("cache.refills_from_depot", "{batch}", "Of these, those from the depot.", cache => cache.RefillsFromDepot);
        CacheTotal("cache.flushes", "{batch}", "Batches of free objects that threads with too many gave up, to the depot or to slabs.", cache => cache.Flushes);
        CacheTotal("cache.flushes_to_depot", "{batch}", "Of these, those to the depot.", cache => cache.FlushesToDepot);
        CacheTotal("cache.refused", "{rent}", "Rents that found no memory.", cache => cache.RentsRefused);
        CacheTotal("cache.leaked", "{object}", "Objects reported as leaked, where leaks are looked for.", cache => cache.Leaked);
        CacheTotal("cache.fallbacks", "{rent}", "Rents of a pool that were served from the collector's heap instead.", cache => cache.Fallbacks);
    }

    private static void AddObjectPools()
    {
        PoolFigure("object_pool.object.capacity", "{object}", "Most objects that are kept.", grows: false, pool => pool.MaximumRetained);
        PoolFigure("object_pool.object.idle", "{object}", "Objects that wait for a user.", grows: false, pool => pool.Idle);
        PoolFigure("object_pool.object.used", "{object}", "Objects with users.", grows: false, pool => pool.Out);
        PoolFigure("object_pool.waiting", "{call}", "Calls that wait for an object of a bounded pool.", grows: false, pool => pool.Waiting);
        PoolFigure("object_pool.created", "{object}", "Objects ever made: gets that found none idle.", grows: true, pool => pool.Created);
        PoolFigure("object_pool.unpooled", "{object}", "Of these, those beyond the most that are kept, or without memory for a slot.", grows: true, pool => pool.Unpooled);
        PoolFigure("object_pool.dropped", "{object}", "Objects not kept when they were returned.", grows: true, pool => pool.Dropped);
        PoolFigure("object_pool.trimmed", "{object}", "Idle objects dropped by trims.", grows: true, pool => pool.Trimmed);
        PoolFigure("object_pool.lost", "{object}", "Objects that were never returned and became garbage.", grows: true, pool => pool.Lost);
        PoolFigure("object_pool.rejected", "{call}", "Gets that found all objects of a bounded pool out.", grows: true, pool => pool.Rejected);
    }

    private static void AddPageCaches()
    {
        PageFigure("page_cache.page.capacity", "{page}", "Most pages that are held.", grows: false, cache => cache.CapacityPages);
        PageFigure("page_cache.page.used", "{page}", "Pages held.", grows: false, cache => cache.PagesInUse);
        PageFigure("page_cache.page.dirty", "{page}", "Pages that are dirty or being written.", grows: false, cache => cache.DirtyPages);
        PageFigure("page_cache.fills", "{page}", "Misses: pages read from their store, each once for all that asked at the time.", grows: true, cache => cache.Fills);
        PageFigure("page_cache.read_ahead", "{page}", "Of these, pages that nobody had asked for.", grows: true, cache => cache.ReadAhead);
        PageFigure("page_cache.fills_failed", "{page}", "Pages that could not be read: the store failed, or there was no memory.", grows: true, cache => cache.FillsFailed);
        PageFigure("page_cache.fills_not_cached", "{page}", "Pages read and not kept, because every page was held.", grows: true, cache => cache.FillsNotCached);
        PageFigure("page_cache.fills_discarded", "{page}", "Pages read again, because their range was truncated or invalidated meanwhile.", grows: true, cache => cache.FillsDiscarded);
        PageFigure("page_cache.reclaimed", "{page}", "Pages that gave way to others, or to allocations elsewhere.", grows: true, cache => cache.Reclaimed);
        PageFigure("page_cache.victims_kept", "{page}", "Pages that were to give way and were held.", grows: true, cache => cache.VictimsKept);
        PageFigure("page_cache.written", "{page}", "Dirty pages written to their store.", grows: true, cache => cache.PagesWritten);
        PageFigure("page_cache.writes_failed", "{page}", "Dirty pages that could not be written, and are lost.", grows: true, cache => cache.WritesFailed);
    }

    private static long Bytes(long frames) => frames << PageOrder.FrameShift;

    private static void Level(string name, string unit, string description, Func<RuntimeStatistics, long> value) =>
        Add(name, unit, description, grows: false, (runtime, now) => [runtime.Measure(value(now))]);

    private static void Total(string name, string unit, string description, Func<RuntimeStatistics, long> value) =>
        Add(name, unit, description, grows: true, (runtime, now) => [runtime.Measure(value(now))]);

    private static void CacheLevel(string name, string unit, string description, Func<SlabCacheStatistics, long> value) =>
        AddForCaches(name, unit, description, grows: false, value);

    private static void CacheTotal(string name, string unit, string description, Func<SlabCacheStatistics, long> value) =>
        AddForCaches(name, unit, description, grows: true, value);

    private static void AddForCaches(string name, string unit, string description, bool grows, Func<SlabCacheStatistics, long> value) =>
        Add(name, unit, description, grows, (runtime, now) => ByName(runtime, CacheTag, now.Caches.GroupBy(cache => cache.Name, value)));

    private static void PoolFigure(string name, string unit, string description, bool grows, Func<SlabObjectPoolStatistics, long> value) =>
        Add(name, unit, description, grows, (runtime, now) => ByName(runtime, ObjectPoolTag, now.ObjectPools.GroupBy(pool => pool.Name, value)));

    private static void PageFigure(string name, string unit, string description, bool grows, Func<PageCacheStatistics, long> value) =>
        Add(name, unit, description, grows, (runtime, now) => ByName(runtime, PageCacheTag, now.PageCaches.GroupBy(cache => cache.Name, value)));

    // Caches of one name, such as those of Kestrel's queues, are one series: two of the same tags would be an error of whoever collects.
    private static IEnumerable<Measurement<long>> ByName(MeteredRuntime runtime, string tag, IEnumerable<IGrouping<string, long>> values) =>
        values.Select(each => runtime.Measure(each.Sum(), new KeyValuePair<string, object?>(tag, each.Key)));

    private static void Add(string name, string unit, string description, bool grows, Func<MeteredRuntime, RuntimeStatistics, IEnumerable<Measurement<long>>> measure)
    {
        var instrument = s_instruments++;
        Invariant.Require(instrument < MeteredRuntime.MostInstruments, "an instrument has a bit of its own");
        if (grows)
            Meter.CreateObservableCounter(Prefix + name, Observe, unit, description);
        else
            Meter.CreateObservableUpDownCounter(Prefix + name, Observe, unit, description);

        IEnumerable<Measurement<long>> Observe() =>
            ((IEnumerable<KeyValuePair<SlabRegistry, MeteredRuntime>>)s_living).SelectMany(pair => measure(pair.Value, pair.Value.Read(instrument)));
    }
}
