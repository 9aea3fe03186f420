extern alias instrumented;

using System.Diagnostics.Tracing;
using System.Reflection;
using System.Text.RegularExpressions;
using FolioRuntime.Diagnostics;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Repository;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

/// <summary>What happens is told to whoever listens for it, and to nobody else.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed partial class RuntimeEventsTests(int generationBits) : LeakFixture(generationBits)
{
    private const EventKeywords All = RuntimeEvents.Violations | RuntimeEvents.Leaks | RuntimeEvents.Rents | RuntimeEvents.Exchanges | RuntimeEvents.Slabs;

    private static readonly MethodInfo[] s_methods = [.. typeof(RuntimeEventSource).GetMethods().Where(method => method.IsDefined(typeof(EventAttribute)))];

    private static readonly string[] s_namesOfViolation = ["runtime", "cache", "type", "kind", "slot", "generation", "text"];

    private readonly string _name = $"test {Guid.NewGuid():N}";

    protected override PoolRuntimeOptions Options => base.Options with { Name = _name };

    [Test]
    public void Misuse_is_told()
    {
        using var events = new EventLog(_name, RuntimeEvents.Violations, EventLevel.Error);
        using var cache = Pool.CreateCache<long>("orders");
        var handle = cache.Rent();
        cache.Return(handle);
        Assert.That(cache.TryReturn(handle), Is.False);

        var told = events.Events.Single();
        Assert.That((told.EventName, told.Level), Is.EqualTo(("Violation", EventLevel.Error)));
        Assert.That(told.Payload, Is.EqualTo(new object[]
        {
            _name, "orders", "System.Int64", Violations.Single().Kind.ToString(), handle.Index, handle.Generation, Violations[0].ToString(),
        }));
        Assert.That(told.PayloadNames, Is.EqualTo(s_namesOfViolation));
    }

    [Test]
    public void A_leak_is_told_as_such()
    {
        using var events = new EventLog(_name, RuntimeEvents.Violations | RuntimeEvents.Leaks);
        using var cache = Pool.CreateCache<long>("orders");
        var handle = RentHere(cache);
        Time.Advance(s_limit);

        var told = events.Events.Single();
        Assert.That((told.EventName, told.Level), Is.EqualTo(("Leak", EventLevel.Warning)));
        Assert.That(told.Payload!.Take(8), Is.EqualTo(new object[]
        {
            _name, "orders", "System.Int64", Tag, handle.Index, handle.Generation, nameof(LeakReason.TooOld), (long)s_limit.TotalMilliseconds,
        }));
        Assert.That(((string)EventLog.Value(told, "rentedBy")!).Split('\n')[0], Does.EndWith(nameof(RentHere)));
        cache.Return(handle);
    }

    [Test]
    public void Exchanges_are_told_and_counted_alike()
    {
        using var events = new EventLog(_name, RuntimeEvents.Exchanges);
        using var cache = Pool.CreateCache<long>("orders", new SlabCacheOptions());
        var handles = Enumerable.Range(0, 500).Select(_ => cache.Rent()).ToArray();
        foreach (var handle in handles)
            cache.Return(handle);

        var now = cache.Untyped.Statistics();
        Assert.That((now.Refills, now.Flushes), Is.EqualTo(((long)events.Named("Refilled").Count, (long)events.Named("Flushed").Count)));
        Assert.That((now.Refills, now.Flushes), Is.GreaterThanOrEqualTo((5L, 5L)).And.LessThan((500L, 500L)), "by the batch");
        Assert.That(events.Named("Refilled").Sum(told => (int)EventLog.Value(told, "objects")!), Is.GreaterThanOrEqualTo(500));
        Assert.That((now.RefillsFromDepot, now.FlushesToDepot), Is.EqualTo((0L, 0L)), "one thread alone has no depot");
        Assert.That(events.Named("Flushed").Select(told => EventLog.Value(told, "toDepot")), Has.All.EqualTo(false));
    }

    [Test]
    public void What_goes_through_the_depot_is_told_apart()
    {
        using var events = new EventLog(_name, RuntimeEvents.Exchanges);
        using var cache = Pool.CreateCache<long>("orders", new SlabCacheOptions());
        cache.Return(cache.Rent());
        SlabHandle<long>[] handles = [];
        new OtherThread(() => handles = [.. Enumerable.Range(0, 500).Select(_ => cache.Rent())]).Dispose();
        foreach (var handle in handles)
            cache.Return(handle);

        var now = cache.Untyped.Statistics();
        Assert.That(now.FlushesToDepot, Is.Positive.And.EqualTo(events.Named("Flushed").Count(told => (bool)EventLog.Value(told, "toDepot")!)));
        while (now.RefillsFromDepot == 0)
        {
            cache.Rent();
            now = cache.Untyped.Statistics();
        }

        Assert.That(events.Named("Refilled").Count(told => (bool)EventLog.Value(told, "fromDepot")!), Is.EqualTo(1));
    }

    [Test]
    public void Slabs_and_spent_slots_are_told()
    {
        using var events = new EventLog(_name, RuntimeEvents.Slabs, EventLevel.Informational);
        using var cache = Pool.CreateCache<long>("orders", new SlabCacheOptions());
        for (var i = 0; i < 1000; i++)
            cache.Return(cache.Rent());

        var now = cache.Untyped.Statistics();
        Assert.That(events.Named("SlabCreated"), Has.Count.EqualTo(now.SlabsCreated));
        Assert.That(events.Named("SlabCreated").Select(told => EventLog.Value(told, "bytes")), Has.All.EqualTo(now.PagesPerSlab * 4096L));
        Assert.That(events.Named("SlotRetired"), Has.Count.EqualTo(now.RetiredEver));
        Assert.That(now.RetiredEver > 0, Is.EqualTo(GenerationBits == 3));
    }

    [Test]
    public void Rents_that_are_remembered_are_told_and_returns_where_these_are_kept()
    {
        using var events = new EventLog(_name, RuntimeEvents.Rents);
        using var sampled = Pool.CreateCache<long>("sampled");
        using var kept = Pool.CreateCache<long>("kept", new SlabCacheOptions { Debug = SlabDebugOptions.Stacks });
        using var others = Pool.CreateCache<long>("others", new SlabCacheOptions());
        foreach (var cache in new[] { sampled, kept, others })
            cache.Return(cache.Rent());

        Assert.That(events.Events.Select(told => (told.EventName, EventLog.Value(told, "cache"))), Is.EqualTo(new (string?, object?)[]
        {
            ("Rented", "sampled"), ("Rented", "kept"), ("Returned", "kept"),
        }));
    }

    [TestCase(RuntimeEvents.Violations)]
    [TestCase(RuntimeEvents.Leaks)]
    [TestCase(RuntimeEvents.Rents)]
    [TestCase(RuntimeEvents.Exchanges)]
    [TestCase(RuntimeEvents.Slabs)]
    public void Only_what_is_listened_for_is_written(EventKeywords keyword)
    {
        using var events = new EventLog(_name, keyword);
        DoEverything();
        var expected = s_methods.Where(method => Attribute(method).Keywords == keyword && (method.Name != "SlotRetired" || GenerationBits == 3)).Select(method => method.Name);
        Assert.That(events.Events.Select(told => told.EventName).Distinct(), Is.EquivalentTo(expected));
    }

    [Test]
    public void A_listener_that_throws_harms_nobody()
    {
        using var events = new EventLog(_name, All) { Reaction = _ => throw new InvalidTimeZoneException() };
        Assert.DoesNotThrow(DoEverything);
        Assert.That(Violations.Select(violation => violation.Kind), Has.Member(ViolationKind.Leak), "who listens otherwise is told all the same");
    }

    [Test]
    public void A_listener_may_use_the_cache_that_it_is_told_of()
    {
        using var cache = Pool.CreateCache<long>("orders", new SlabCacheOptions { ThreadCacheCapacity = 4 });
        var depth = 0;
        using var events = new EventLog(_name, RuntimeEvents.Exchanges)
        {
            Reaction = _ =>
            {
                if (depth++ == 0)
                    cache.Return(cache.Rent());
                depth--;
            },
        };
        var handles = Enumerable.Range(0, 100).Select(_ => cache.Rent()).ToArray();
        Assert.That(handles, Is.Unique);
        cache.ReturnMany(handles);
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void The_source_has_its_name_and_the_instrumented_builds_another()
    {
        Assert.That((RuntimeEventSource.Log.Name, RuntimeEventSource.Log.ConstructionException), Is.EqualTo((RuntimeEvents.SourceName, (Exception?)null)));
        Assert.That(instrumented::FolioRuntime.Diagnostics.RuntimeEventSource.Log.Name, Is.EqualTo("FolioRuntime.Instrumented"));
    }

    [Test]
    public void The_document_lists_every_event_and_no_other()
    {
        var rows = Row().Matches(RepositoryFiles.Read("docs/METRICS.md")).Select(row => string.Join(" | ", row.Groups.Values.Skip(1).Select(group => group.Value)));
        var expected = s_methods.Select(method =>
            $"{method.Name} | {Attribute(method).Keywords.ToString("X").TrimStart('0')} | {Attribute(method).Level} | {string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))}");
        Assert.That(rows, Is.EquivalentTo(expected));
    }

    private static EventAttribute Attribute(MethodInfo method) => method.GetCustomAttribute<EventAttribute>()!;

    private void DoEverything()
    {
        using var cache = Pool.CreateCache<long>("orders", Pool.Options.CacheDefaults with { ThreadCacheCapacity = 8 });
        using var kept = Pool.CreateCache<long>("kept", new SlabCacheOptions { Debug = SlabDebugOptions.Stacks });
        kept.Return(kept.Rent());
        for (var i = 0; i < 200; i++)
            cache.Return(cache.Rent());
        var handles = Enumerable.Range(0, 100).Select(_ => cache.Rent()).ToArray();
        Time.Advance(s_limit);
        cache.ReturnMany(handles);
        Assert.That(cache.TryReturn(handles[0]), Is.False);
    }

    [GeneratedRegex(@"^\| `(\w+)` \| `0x([0-9A-F]+)` \w+ \| (\w+) \| ([\w, ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
