using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FolioRuntime.Diagnostics;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

public sealed partial class RuntimeMetricsTests
{
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
        var kinds = Of(options.Name, "violations").ToDictionary(seen => (string)seen.Tags[RuntimeMetrics.KindTag]!, seen => seen.Value);
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
        Assert.That(Of(options.Name, "violations").Single(seen => "leak".Equals(seen.Tags[RuntimeMetrics.KindTag])).Value, Is.EqualTo(200));
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
        var tag = instrument.Name.StartsWith(RuntimeMetrics.Prefix + "cache.", StringComparison.Ordinal) ? "cache" : instrument.Name == RuntimeMetrics.Prefix + "violations" ? "kind" : "";
        var meaning = char.ToLowerInvariant(instrument.Description![0]) + instrument.Description[1..].TrimEnd('.');
        return $"| `{instrument.Name}` | {instrument.Unit} | {kind} | {tag} | {meaning} |";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeAndForget(PoolRuntimeOptions options) => new(new PoolRuntime(options));

    private void Collect()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
    }

    private List<(Instrument Instrument, long Value, Dictionary<string, object?> Tags)> Of(string runtime, string name) =>
        [.. _seen.Where(seen => seen.Instrument.Name == RuntimeMetrics.Prefix + name && runtime.Equals(seen.Tags[MeteredRuntime.NameTag]))];

    private long OfCache(string runtime, string name, string cache) => Of(runtime, name).Single(seen => cache.Equals(seen.Tags[RuntimeMetrics.CacheTag])).Value;

    private long Only(string runtime, string name) => Of(runtime, name).Single().Value;

    [GeneratedRegex(@"^folioruntime(\.[a-z]+(_[a-z]+)*)+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\{[a-z]+\}$")]
    private static partial Regex Unit();

    [GeneratedRegex(@"^\| `folioruntime\.[a-z._]+` \| .*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
