using FolioRuntime.Hosting;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FolioRuntime.Tests.Hosting;

/// <summary>What a hosted runtime says of itself: its health, and the log.</summary>
public sealed class RuntimeHealthTests
{
    private FakeTimeProvider _time = null!;
    private Logged _log = null!;
    private ServiceProvider _provider = null!;

    private PoolRuntime Runtime => _provider.GetRequiredService<PoolRuntime>();

    [SetUp]
    public void MakeContainer()
    {
        _time = new FakeTimeProvider();
        _log = new Logged();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddSingleton<TimeProvider>(_time);
        services.AddPoolRuntime(settings =>
        {
            settings.CapacityBytes = 4 << 20;
            settings.TrimInterval = Timeout.InfiniteTimeSpan;
        });
        services.AddHealthChecks().AddPoolRuntime();
        _provider = services.BuildServiceProvider();
    }

    [TearDown]
    public void EndContainer()
    {
        _provider.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task A_quiet_runtime_is_healthy()
    {
        var entry = await CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(entry.Data["capacity_bytes"], Is.EqualTo(4L << 20));
        Assert.That(entry.Data["used_bytes"], Is.Zero);
    }

    [Test]
    public async Task One_without_memory_is_degraded_until_it_has_some()
    {
        var folio = Runtime.Folios.Rent(new PageOrder(10));
        var entry = await CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.Contain("are used"));

        Runtime.Folios.Return(folio);
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Misuse_is_held_against_it_for_five_minutes_and_logged()
    {
        using var cache = Runtime.CreateCache<int>("orders");
        var handle = cache.Rent();
        cache.Return(handle);
        cache.TryReturn(handle);

        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Degraded));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
        var entry = _log.Entries.Single(logged => logged.Id.Name == "Violation");
        Assert.That(_log.Categories, Has.Member("FolioRuntime"));
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Error));
        Assert.That(entry.Id.Name, Is.EqualTo("Violation"));
        Assert.That(entry.Text, Does.Contain("orders").And.Contain("Return"));
    }

    [Test]
    public async Task Damage_makes_it_unhealthy_for_good()
    {
        using var cache = Runtime.CreateCache<long>("orders", new SlabCacheOptions { Debug = SlabDebugOptions.All });
        var handle = cache.Rent();
        ref var value = ref cache.ValueOf(handle);
        cache.Return(handle);
        value = 4;
        Runtime.Validate();

        _time.Advance(TimeSpan.FromDays(1));
        var entry = await CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Data["quarantined_slabs"], Is.EqualTo(1));
        Assert.That(_log.Entries.Select(logged => logged.Level), Has.Member(LogLevel.Critical));
    }

    [Test]
    public async Task A_disposed_one_is_unhealthy()
    {
        Runtime.Dispose();
        Assert.That((await CheckAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public void What_is_left_at_the_end_is_a_warning_and_no_misuse()
    {
        var cache = Runtime.CreateCache<int>("orders");
        cache.Rent();
        cache.Dispose();

        Assert.That(_log.Entries.Single().Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(_provider.GetRequiredKeyedService<HostedRuntime>("").Watch.SinceLastMisuse, Is.Null);
    }

    [Test]
    public void A_fault_in_a_loop_does_not_flood_the_log()
    {
        var watch = new ViolationWatch("", _log, _time);
        var violation = new Violation(ViolationKind.StaleReturn, "orders", 1, 2, "", null);
        for (var count = 0; count < 1000; count++)
            watch.Note(violation);
        watch.Note(violation with { Kind = ViolationKind.SurplusPut });
        Assert.That(_log.Entries, Has.Count.EqualTo(ViolationWatch.MostInARow + 1), "ten, and one of another kind");

        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Note(violation);
        Assert.That(_log.Entries[^2].Text, Does.Contain("990"));
        Assert.That(_log.Entries[^2].Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(_log.Entries[^1].Id.Name, Is.EqualTo("Violation"));
    }

    [Test]
    public async Task A_leak_is_held_against_it_while_it_is_in_the_period()
    {
        Leak();
        var entry = await CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.Contain("1 leaks were found"));
        Assert.That((entry.Data["leaked"], entry.Data["leaked_lately"]), Is.EqualTo((1L, 1)));
        _time.Advance(TimeSpan.FromMinutes(5));
        entry = await CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That((entry.Data["leaked"], entry.Data["leaked_lately"]), Is.EqualTo((1L, 0)));
        Assert.That(_provider.GetRequiredKeyedService<HostedRuntime>("").Watch.SinceLastMisuse, Is.Null, "a leak is no misuse");
    }

    [Test]
    public void So_many_leaks_in_a_period_are_tolerated_and_not_one_more()
    {
        var hosted = _provider.GetRequiredKeyedService<HostedRuntime>("");
        var check = new PoolRuntimeHealthCheck(hosted, new PoolRuntimeHealthOptions { MostLeaks = 2, LeakPeriod = TimeSpan.FromHours(1) });
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("test", check, HealthStatus.Unhealthy, []) };
        foreach (var expected in (HealthStatus[])[HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Degraded])
        {
            Leak();
            _time.Advance(TimeSpan.FromMinutes(10));
            Assert.That(check.CheckHealthAsync(context).Result.Status, Is.EqualTo(expected));
        }

        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.That(check.CheckHealthAsync(context).Result.Status, Is.EqualTo(HealthStatus.Healthy), "the first is an hour ago");
    }

    [Test]
    public void Of_leaks_without_end_the_last_are_remembered()
    {
        var watch = new ViolationWatch("", _log, _time);
        for (var count = 0; count < 3 * ViolationWatch.MostLeaksRemembered; count++)
            watch.Note(new Violation(ViolationKind.Leak, "orders", 1, 2, "", null));
        Assert.That(watch.LeaksWithin(TimeSpan.FromTicks(1)), Is.EqualTo(ViolationWatch.MostLeaksRemembered));
    }

    [Test]
    public void What_fails_in_the_background_is_no_misuse()
    {
        var watch = new ViolationWatch("", _log, _time);
        watch.Note(new Violation(ViolationKind.ReclaimFailed, "shrinker", 0, 0, "", null));
        Assert.That(watch.SinceLastMisuse, Is.Null);
        Assert.That(_log.Entries.Single().Level, Is.EqualTo(LogLevel.Warning));
    }

    [TestCase(-1)]
    [TestCase(1000)]
    public void A_number_of_leaks_that_can_not_be_told_is_refused(int mostLeaks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddPoolRuntime(options: new PoolRuntimeHealthOptions { MostLeaks = mostLeaks }));

    [TestCase(0)]
    [TestCase(1.01)]
    [TestCase(double.NaN)]
    public void A_limit_that_means_nothing_is_refused(double mostUsed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddPoolRuntime(options: new PoolRuntimeHealthOptions { MostUsed = mostUsed }));

    [Test]
    public async Task Each_named_runtime_has_a_check_of_its_own()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPoolRuntime("sessions").Configure(settings => settings.CapacityBytes = 4 << 20);
        services.AddHealthChecks().AddPoolRuntime("sessions", failureStatus: HealthStatus.Degraded);
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredKeyedService<PoolRuntime>("sessions").Dispose();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["folioruntime-sessions"].Status, Is.EqualTo(HealthStatus.Degraded), "what its registration says");
    }

    private void Leak()
    {
        var cache = Runtime.CreateCache<int>("orders", new SlabCacheOptions { LeakSampleInterval = 1, LeakAgeLimit = TimeSpan.FromSeconds(1) });
        cache.Rent();
        _time.Advance(TimeSpan.FromSeconds(2));
        Runtime.FindLeaks();
    }

    private async Task<HealthReportEntry> CheckAsync() =>
        (await _provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["folioruntime"];
}
