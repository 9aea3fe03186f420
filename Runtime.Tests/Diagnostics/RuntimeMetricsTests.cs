using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FolioRuntime.Diagnostics;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using FolioRuntime.PageCaching;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.PageCaching;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

public sealed partial class RuntimeMetricsTests
{
    private static readonly string[] s_poolsLeft = ["facades", "others"];

    private readonly List<(Instrument Instrument, long Value, Dictionary<string, object?> Tags)> _seen = [];
    private readonly List<Instrument> _instruments = [];
    private MeterListener _listener = null!;

    private static PoolRuntimeOptions Options => new() { Name = $"test {Guid.NewGuid():N}", CapacityBytes = 8 << 20, TrimInterval = Timeout.InfiniteTimeSpan };

    [SetUp]
    public void Listen()
    {
        _instruments.Clear();
        _listener = new MeterListener();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // By the meter itself: the instrumented build has one of the same name.
            if (!ReferenceEquals(instrument.Meter, RuntimeMetrics.Meter))
                return;
            _instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _seen.Add((instrument, value, tags.ToArray().ToDictionary())));
        _listener.Start();
    }

    [TearDown]
    public void StopListening() => _listener.Dispose();

    [Test]
    public void Every_figure_of_the_statistics_is_told()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        using var cache = runtime.CreateCache<long>("orders");
        var handles = Enumerable.Range(0, 100).Select(_ => cache.Rent()).ToList();
        handles.Take(30).ToList().ForEach(handle => cache.Return(handle));
        cache.TryReturn(handles[0]);
        cache.TryGet(handles[0], out _);
        using var folio = runtime.Folios.Allocate(new PageOrder(2));
        runtime.Trim();

        Collect();
        var now = runtime.Snapshot();

        Assert.That(Only(options.Name, "memory.capacity"), Is.EqualTo(8 << 20));
        Assert.That(Only(options.Name, "memory.committed"), Is.EqualTo(now.Pages.CommittedFrames * 4096));
        Assert.That(Only(options.Name, "memory.used"), Is.EqualTo(now.Pages.AllocatedFrames * 4096));
        Assert.That(Only(options.Name, "memory.free"), Is.EqualTo(now.Pages.FreeFrames * 4096));
        Assert.That(Only(options.Name, "memory.discarded"), Is.EqualTo(now.Pages.DiscardedBytes));
        Assert.That(Only(options.Name, "folio.count"), Is.EqualTo(1));
        Assert.That(Only(options.Name, "reclaim.looks"), Is.Zero);
        Assert.That(Only(options.Name, "cache.slot.used"), Is.EqualTo(70));
        Assert.That(Only(options.Name, "cache.slot.count"), Is.EqualTo(now.Caches[0].TotalObjects));
        Assert.That(Only(options.Name, "cache.slab.count"), Is.EqualTo(1));
        Assert.That(Only(options.Name, "cache.memory.used"), Is.EqualTo(64 << 10));
        Assert.That(Only(options.Name, "cache.stale_rejected"), Is.EqualTo(1));
        Assert.That(Only(options.Name, "cache.slab.quarantined"), Is.Zero);
        var kinds = Of(options.Name, "violations").GroupBy(seen => (string)seen.Tags[RuntimeMetrics.KindTag]!, seen => seen.Value).ToDictionary(found => found.Key, found => found.Sum());
        Assert.That(kinds, Has.Count.EqualTo(Enum.GetValues<ViolationKind>().Length), "also those never found, so that a first one is a step");
        Assert.That(kinds.Values.Sum(), Is.EqualTo(1));
        Assert.That(kinds["stale_return"] + kinds["double_return"], Is.EqualTo(1));
    }

    [Test]
    public void A_rent_served_from_elsewhere_is_told()
    {
        var options = Options with { CapacityBytes = 1 << 20 };
        using var runtime = new PoolRuntime(options);
        using var pool = runtime.CreateMemoryPool();
        var blocks = Enumerable.Range(0, 400).Select(_ => pool.Rent()).ToList();

        Collect();

        Assert.That(Only(options.Name, "cache.fallbacks"), Is.EqualTo(pool.FallbackCount).And.Positive);
        blocks.ForEach(block => block.Dispose());
    }

    [Test]
    public void What_is_exchanged_refused_and_leaked_is_told_by_cache()
    {
        var options = Options with { CapacityBytes = 1 << 20, CacheDefaults = new SlabCacheOptions { LeakSampleInterval = 1, LeakAgeLimit = TimeSpan.FromTicks(1) } };
        using var runtime = new PoolRuntime(options);
        using var cache = runtime.CreateCache<long>("orders");
        var handles = Enumerable.Range(0, 200).Select(_ => cache.Rent()).ToList();
        runtime.FindLeaks();
        handles.ForEach(cache.Return);
        using var guarded = runtime.CreateByteCache("guarded", 64, new SlabCacheOptions { GuardSampleInterval = 1 });
        guarded.Rent();
        using var large = runtime.CreateByteCache("large", 64 << 10, new SlabCacheOptions());
        while (large.TryRent(out _))
        {
        }

        Collect();
        var now = runtime.Snapshot();
        var orders = now.Caches.Single(each => each.Name == "orders");

        Assert.That(OfCache(options.Name, "cache.refills", "orders"), Is.EqualTo(orders.Refills).And.Positive);
        Assert.That(OfCache(options.Name, "cache.flushes", "orders"), Is.EqualTo(orders.Flushes).And.Positive);
        Assert.That(OfCache(options.Name, "cache.refills_from_depot", "orders"), Is.Zero);
        Assert.That(OfCache(options.Name, "cache.flushes_to_depot", "orders"), Is.Zero);
        Assert.That(OfCache(options.Name, "cache.leaked", "orders"), Is.EqualTo(200));
        Assert.That(OfCache(options.Name, "cache.refused", "orders"), Is.Zero);
        Assert.That(OfCache(options.Name, "cache.refused", "large"), Is.EqualTo(1));
        Assert.That(OfCache(options.Name, "cache.slot.guarded", "guarded"), Is.EqualTo(1));
        Assert.That(OfCache(options.Name, "cache.slot.returning", "orders"), Is.Zero);
        Assert.That(OfCache(options.Name, "cache.slot.retirements", "orders"), Is.EqualTo(orders.RetiredEver));
        Assert.That(OfCache(options.Name, "cache.slab.worn", "orders"), Is.EqualTo(orders.WornSlabs));
        Assert.That(Only(options.Name, "reclaim.direct"), Is.EqualTo(now.Reclaim.DirectReclaims).And.Positive);
        Assert.That(Only(options.Name, "reclaim.wake_ups"), Is.EqualTo(now.Reclaim.WakeUps));
        Assert.That(Only(options.Name, "reclaim.shrunk"), Is.Zero);
        Assert.That(Only(options.Name, "reclaim.shrinkers_failed"), Is.Zero);
        Assert.That(Only(options.Name, "memory.reserved"), Is.EqualTo(now.Pages.ReservedBytes));
        Assert.That(Only(options.Name, "memory.cached"), Is.EqualTo(now.Pages.CachedFrames * 4096));
        Assert.That(Violations(options.Name, "leak"), Is.EquivalentTo(new[] { ("_OTHER", 0L), ("orders", 200L) }));
    }

    [Test]
    public void Violations_are_told_by_subject_so_many_of_them_by_name()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        const int Further = 10;
        for (var number = 0; number < ViolationLog.MostSubjects + Further; number++)
        {
            using var pool = runtime.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>(), name: $"pool {number}");
            var item = pool.Get();
            for (var returns = 0; returns < 3; returns++)
                pool.Return(item);
        }

        using (var cache = runtime.CreateCache<long>(ViolationLog.OtherSubjects))
            cache.TryReturn(default);
        Collect();

        var found = Violations(options.Name, "double_return").ToDictionary();
        Assert.That(found, Has.Count.EqualTo(ViolationLog.MostSubjects + 1));
        Assert.That((found["pool 0"], found[$"pool {ViolationLog.MostSubjects - 1}"], found[ViolationLog.OtherSubjects]), Is.EqualTo((2L, 2L, 2L * Further)));
        Assert.That(found.Values.Sum(), Is.EqualTo(runtime.ViolationCount(ViolationKind.DoubleReturn)));
        Assert.That(Violations(options.Name, "foreign_handle"), Is.EqualTo(new[] { (ViolationLog.OtherSubjects, 1L) }));
    }

    [Test]
    public void Rents_and_returns_are_told_by_cache()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        using var cache = runtime.CreateCache<long>("orders");
        var handles = Enumerable.Range(0, 100).Select(_ => cache.Rent()).ToList();
        handles.Take(30).ToList().ForEach(cache.Return);

        Collect();
        var now = runtime.Snapshot().Caches.Single();

        Assert.That(OfCache(options.Name, "cache.rented", "orders"), Is.EqualTo(100));
        Assert.That(OfCache(options.Name, "cache.returned", "orders"), Is.EqualTo(30));
        Assert.That(OfCache(options.Name, "cache.thread_hits", "orders"), Is.EqualTo(now.ThreadHits).And.Positive);
        Assert.That(OfCache(options.Name, "cache.thread_misses", "orders"), Is.EqualTo(100 - now.ThreadHits));
    }

    [Test]
    public async Task Object_pools_are_told_by_name_until_they_are_disposed()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        var pool = runtime.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>(), new SlabObjectPoolOptions { Name = "lists", MaximumRetained = 2, IsBounded = true });
        using var other = runtime.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>(), maximumRetained: 1, name: "others");
        using var facades = runtime.CreateFacadePool<Facade, long>(() => new Facade(), new SlabObjectPoolOptions { Name = "facades" });
        var (first, second) = (pool.Get(), pool.Get());
        var unpooled = (other.Get(), other.Get());
        other.Return(unpooled.Item1);
        other.Return(unpooled.Item2);
        Assert.That(pool.TryGet(out _), Is.False);
        var waiting = pool.GetAsync();
        var facade = facades.Get();

        Collect();

        Assert.That(OfPool("capacity"), Is.EqualTo((2L, 1L)));
        Assert.That(OfPool("idle"), Is.EqualTo((0L, 1L)));
        Assert.That(OfPool("used"), Is.EqualTo((2L, 0L)));
        Assert.That(OfPools("waiting"), Is.EqualTo((1L, 0L)));
        Assert.That(OfPools("created"), Is.EqualTo((2L, 2L)));
        Assert.That(OfPools("unpooled"), Is.EqualTo((0L, 1L)));
        Assert.That(OfPools("dropped"), Is.EqualTo((0L, 1L)));
        Assert.That(OfPools("trimmed"), Is.EqualTo((0L, 0L)));
        Assert.That(OfPools("lost"), Is.EqualTo((0L, 0L)));
        Assert.That(OfPools("rejected"), Is.EqualTo((1L, 0L)));
        Assert.That(OfName(options.Name, "object_pool.object.used", RuntimeMetrics.ObjectPoolTag, "facades"), Is.EqualTo(1));
        pool.Return(first);
        pool.Return(await waiting);
        pool.Return(second);
        facades.Return(facade);
        pool.Dispose();
        Collect();
        Assert.That(Of(options.Name, "object_pool.created").Select(seen => seen.Tags[RuntimeMetrics.ObjectPoolTag]), Is.EquivalentTo(s_poolsLeft));

        (long, long) OfPool(string name) => OfPools("object." + name);
        (long, long) OfPools(string name) => (
            OfName(options.Name, "object_pool." + name, RuntimeMetrics.ObjectPoolTag, "lists"), OfName(options.Name, "object_pool." + name, RuntimeMetrics.ObjectPoolTag, "others"));
    }

    [Test]
    public void Page_caches_are_told_by_name_until_they_are_disposed()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        var cache = runtime.CreatePageCache(new PageCacheOptions { Name = "files", CapacityPages = 8, ReadaheadPages = 0 });
        using var same = runtime.CreatePageCache(new PageCacheOptions { Name = "other files", CapacityPages = 4 });
        using (var mapping = cache.Open(new TestStore(20 * 4096)))
        {
            for (var page = 0; page < 20; page++)
                mapping.Read(page * 4096L, new byte[1]);

            Collect();
            var now = cache.Statistics;
            Assert.That(OfFiles("page.capacity"), Is.EqualTo(8));
            Assert.That(OfFiles("page.used"), Is.EqualTo(now.PagesInUse).And.Positive);
            Assert.That(OfFiles("page.dirty"), Is.Zero);
            Assert.That(OfFiles("fills"), Is.EqualTo(20));
            Assert.That(OfFiles("reclaimed"), Is.EqualTo(now.Reclaimed).And.Positive);
            Assert.That(OfFiles("read_ahead") + OfFiles("fills_failed") + OfFiles("fills_not_cached") + OfFiles("fills_discarded") + OfFiles("victims_kept"), Is.Zero);
            Assert.That(OfFiles("written") + OfFiles("writes_failed"), Is.Zero);
        }

        cache.Dispose();
        Collect();
        Assert.That(Of(options.Name, "page_cache.fills").Single().Tags[RuntimeMetrics.PageCacheTag], Is.EqualTo("other files"));

        long OfFiles(string name) => OfName(options.Name, "page_cache." + name, RuntimeMetrics.PageCacheTag, "files");
    }

    [Test]
    public void No_pool_is_kept_alive_by_it_while_its_runtime_lives()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        var weak = MakePoolAndForget(runtime);
        Collect();
        for (var round = 0; round < 10 && weak.IsAlive; round++)
        {
            _seen.Clear();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(weak.IsAlive, Is.False);
        using var next = runtime.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>(), name: "next");
        Collect();
        Assert.That(Of(options.Name, "object_pool.created").Single().Tags[RuntimeMetrics.ObjectPoolTag], Is.EqualTo("next"));
    }

    [Test]
    public void Each_collection_tells_what_is_then()
    {
        var options = Options;
        using var runtime = new PoolRuntime(options);
        using var cache = runtime.CreateCache<long>("orders");
        Collect();
        Assert.That(Only(options.Name, "cache.slot.used"), Is.Zero);

        cache.Rent();
        Collect();
        Assert.That(Only(options.Name, "cache.slot.used"), Is.EqualTo(1));
    }

    [Test]
    public void Runtimes_of_one_name_are_told_apart_and_caches_of_one_name_added_up()
    {
        var options = Options;
        using var first = new PoolRuntime(options);
        using var second = new PoolRuntime(options);
        using var one = first.CreateCache<long>("orders");
        using var other = first.CreateCache<long>("orders");
        one.Rent();
        other.Rent();

        Collect();

        Assert.That(Only(options.Name, "cache.slot.used"), Is.EqualTo(2));
        Assert.That(Of(options.Name, "memory.used").Select(seen => seen.Tags[MeteredRuntime.NumberTag]).Distinct().Count(), Is.EqualTo(2));
        var series = _seen.Select(seen => (seen.Instrument.Name, string.Join(',', seen.Tags.Select(tag => $"{tag.Key}={tag.Value}")))).ToList();
        Assert.That(series, Is.Unique);
    }

    [Test]
    public void A_disposed_runtime_is_told_of_no_more()
    {
        var options = Options;
        var runtime = new PoolRuntime(options);
        runtime.Dispose();
        Collect();
        Assert.That(_seen.Where(seen => options.Name.Equals(seen.Tags[MeteredRuntime.NameTag])), Is.Empty);
    }

    [Test]
    public void Nobody_is_kept_alive_by_it()
    {
        var weak = MakeAndForget(Options);
        Collect();
        for (var round = 0; round < 10 && weak.IsAlive; round++)
        {
            _seen.Clear();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(weak.IsAlive, Is.False);
    }

    [Test]
    public void Names_and_units_are_as_the_conventions_want_them()
    {
        Assert.That(_instruments, Has.Count.GreaterThan(20));
        Assert.That(_instruments.Select(instrument => instrument.Name), Has.All.Matches<string>(name => Name().IsMatch(name!)));
        Assert.That(_instruments.Select(instrument => instrument.Name), Is.Unique);
        Assert.That(_instruments.Select(instrument => instrument.Unit!), Has.All.Matches<string>(unit => unit == "By" || Unit().IsMatch(unit!)));
        Assert.That(_instruments.Select(instrument => instrument.Description), Has.All.Not.Empty);
        Assert.That(_instruments, Has.All.Property(nameof(Instrument.IsObservable)).True);
    }

    [Test]
    public void The_document_lists_every_instrument_as_it_is_and_no_other()
    {
        var rows = Row().Matches(Repository.RepositoryFiles.Read("docs/METRICS.md")).Select(row => row.Value);
        Assert.That(rows, Is.EquivalentTo(_instruments.Select(RowOf)));
    }

    private static string RowOf(Instrument instrument)
    {
        var kind = instrument is ObservableCounter<long> ? "total" : "level";
        var tag = instrument.Name[RuntimeMetrics.Prefix.Length..].Split('.')[0] switch
        {
            "cache" => "cache",
            "object_pool" => "object pool",
            "page_cache" => "page cache",
            "violations" => "kind, subject",
            _ => "",
        };
        var meaning = char.ToLowerInvariant(instrument.Description![0]) + instrument.Description[1..].TrimEnd('.');
        return $"| `{instrument.Name}` | {instrument.Unit} | {kind} | {tag} | {meaning} |";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeAndForget(PoolRuntimeOptions options) => new(new PoolRuntime(options));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakePoolAndForget(PoolRuntime runtime)
    {
        var pool = runtime.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>(), name: "dropped");
        pool.Return(pool.Get());
        return new WeakReference(pool);
    }

    private void Collect()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
    }

    private List<(Instrument Instrument, long Value, Dictionary<string, object?> Tags)> Of(string runtime, string name) =>
        [.. _seen.Where(seen => seen.Instrument.Name == RuntimeMetrics.Prefix + name && runtime.Equals(seen.Tags[MeteredRuntime.NameTag]))];

    private long OfName(string runtime, string name, string tag, string value) => Of(runtime, name).Single(seen => value.Equals(seen.Tags[tag])).Value;

    private long OfCache(string runtime, string name, string cache) => Of(runtime, name).Single(seen => cache.Equals(seen.Tags[RuntimeMetrics.CacheTag])).Value;

    private IEnumerable<(string, long)> Violations(string runtime, string kind) =>
        Of(runtime, "violations").Where(seen => kind.Equals(seen.Tags[RuntimeMetrics.KindTag])).Select(seen => ((string)seen.Tags[RuntimeMetrics.SubjectTag]!, seen.Value));

    private long Only(string runtime, string name) => Of(runtime, name).Single().Value;

    private sealed class Facade : SlabFacade<long>;

    [GeneratedRegex(@"^folioruntime(\.[a-z]+(_[a-z]+)*)+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\{[a-z]+\}$")]
    private static partial Regex Unit();

    [GeneratedRegex(@"^\| `folioruntime\.[a-z._]+` \| .*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
