using System.Collections.Concurrent;
using System.Net;
using System.Text;
using FolioRuntime;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;
using OpenTelemetry.Metrics;

namespace Sample;

/// <summary>
/// The server as its own client: makes requests over loopback, looks at its health and its figures, makes mistakes and looks whether they are found and named. Says what
/// it saw, line by line.
/// </summary>
internal sealed class SelfCheck
{
    // Few enough: of each kind of misuse ten a minute are logged, and on a slow machine the sessions that are merely open may count as forgotten.
    private const int Sessions = 8;
    private const int VisitsEach = 3;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly TextWriter s_console = Console.Out;
    private static readonly RecordingWriter s_logAndExporter = new();

    private readonly ConcurrentQueue<Violation> _found = [];
    private readonly WebApplication _application;
    private readonly PoolRuntime _runtime;
    private readonly HttpClient _client;
    private readonly CancellationToken _stop;
    private readonly List<string> _open = [];
    private bool _failed;

    private SelfCheck(WebApplication application, HttpClient client, CancellationToken stop)
    {
        _application = application;
        _client = client;
        _stop = stop;
        _runtime = application.Services.GetRequiredService<PoolRuntime>();
        _runtime.ViolationDetected += _found.Enqueue;
    }

    /// <summary>Before the server is built: a port of its own, and who rented and returned what remembered for the reports. The log and the console exporter are read instead of shown.</summary>
    public static void Configure(WebApplicationBuilder builder)
    {
        Console.SetOut(s_logAndExporter);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["FolioRuntime:Application:CacheDefaults:Debug"] = nameof(SlabDebugOptions.Stacks);
        builder.Configuration["FolioRuntime:Application:CacheDefaults:LeakSampleInterval"] = "1";
        builder.Configuration["FolioRuntime:Application:CacheDefaults:LeakAgeLimit"] = "00:00:01";
    }

    /// <returns>The exit code: 0 if all was as it should be, 1 if not.</returns>
    public static async Task<int> RunAsync(WebApplication application)
    {
        using var stop = new CancellationTokenSource(s_longest);
        await application.StartAsync(stop.Token);
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
        var check = new SelfCheck(application, client, stop.Token);
        try
        {
            await check.ServeAsync();
            await check.LookAtFiguresAsync();
            await check.FindDoubleReturnsAsync();
            await check.FindLeaksAsync();
            await application.StopAsync(stop.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            check.Expect(false, "every request is answered in time", $"{exception}");
        }

        if (check._failed)
            s_console.WriteLine($"The log and the exporter wrote at last:\n{Last(s_logAndExporter.ToString(), 4000)}");
        s_console.WriteLine(check._failed ? "self-check: FAILED" : "self-check: passed");
        return check._failed ? 1 : 0;
    }

    private async Task ServeAsync()
    {
        for (var i = 0; i < Sessions; i++)
            _open.Add(await TextAsync(HttpMethod.Post, "/sessions"));
        var last = "";
        for (var visit = 0; visit < VisitsEach; visit++)
            last = (await Task.WhenAll(_open.Select(id => TextAsync(HttpMethod.Post, $"/sessions/{id}/visits")))).Distinct().Single();
        Expect(last == $"visit {VisitsEach}", $"{Sessions} sessions, {VisitsEach} visits each", last);

        var first = _open[0];
        await CloseAsync(Sessions / 2);
        var closed = await StatusAsync(HttpMethod.Post, $"/sessions/{first}/visits");
        var invented = await StatusAsync(HttpMethod.Post, $"/sessions/{ulong.MaxValue}/visits");
        Expect((closed, invented) == (HttpStatusCode.NotFound, HttpStatusCode.NotFound), "a closed session and an invented one are refused", $"{closed}, {invented}");

        var bytes = new byte[1 << 20];
        Random.Shared.NextBytes(bytes);
        using var answer = await _client.PostAsync(new Uri("/echo", UriKind.Relative), new ByteArrayContent(bytes), _stop);
        var echoed = await answer.Content.ReadAsByteArrayAsync(_stop);
        Expect(echoed.AsSpan().SequenceEqual(bytes), "an upload comes back byte by byte", $"{echoed.Length} bytes");
        var health = await TextAsync(HttpMethod.Get, "/health");
        Expect(health.StartsWith("Healthy", StringComparison.Ordinal), "/health", health);
    }

    private async Task LookAtFiguresAsync()
    {
        await ExpectFigureAsync("capacity of the application's memory, from the configuration", "folioruntime_memory_capacity_bytes", 32 << 20, ("folioruntime_runtime_name", "application"));
        await ExpectFigureAsync("capacity of Kestrel's memory, from the configuration", "folioruntime_memory_capacity_bytes", 64 << 20, ("folioruntime_runtime_name", "kestrel"));
        await ExpectFigureAsync("open sessions", "folioruntime_cache_slot_used", _open.Count, ("folioruntime_cache_name", "sessions"));
        await ExpectFigureAsync("double returns", "folioruntime_violations_total", 0, ("folioruntime_violation_kind", "double_return"));
        var slabs = (await ScrapeAsync()).Sum("folioruntime_cache_slab_created_total", ("folioruntime_runtime_name", "kestrel"));
        Expect(slabs > 0, "slabs that Kestrel took", $"{slabs}");

        _application.Services.GetRequiredService<MeterProvider>().ForceFlush();
        var exported = s_logAndExporter.ToString().Split('\n').Count(line => line.Contains("folioruntime.", StringComparison.Ordinal));
        Expect(exported > 0, "lines with our instruments from OpenTelemetry's console exporter", $"{exported}");
    }

    private async Task FindDoubleReturnsAsync()
    {
        Faults.ReturnTwice(_application.Services.GetRequiredService<SlabCache<Session>>());
        var session = _found.SingleOrDefault(found => found is { Subject: "sessions", Kind: not ViolationKind.Leak });
        Expect(
            session is { Kind: ViolationKind.DoubleReturn } && $"{session.ReturnedBy}".Contains("CloseWhenAnswered", StringComparison.Ordinal),
            "a session closed twice: which cache, and who closed it first", Brief(session));

        Faults.ReturnTwice(_application.Services.GetRequiredService<ObjectPool<StringBuilder>>());
        var text = _found.SingleOrDefault(found => found is { Subject: "texts", Kind: not ViolationKind.Leak });
        Expect(text is { Kind: ViolationKind.DoubleReturn }, "an object returned twice to its pool", $"{text}");

        await ExpectFigureAsync("double returns", "folioruntime_violations_total", 2, ("folioruntime_violation_kind", "double_return"));
        var health = await TextAsync(HttpMethod.Get, "/health");
        Expect(health.StartsWith("Degraded", StringComparison.Ordinal), "/health", health);
        await ExpectLogAsync("DoubleReturn: sessions");
    }

    private async Task FindLeaksAsync()
    {
        await CloseAsync(_open.Count);
        Faults.Forget(_application.Services.GetRequiredService<SlabCache<Session>>(), _application.Services.GetRequiredService<ObjectPool<StringBuilder>>());

        // A handle is a number: that it was forgotten shows by its age. That nobody has an object any more is for the collector to find out.
        var leaks = await SettledAsync(() => Task.FromResult(ForgottenLeaks()), leaks => leaks.Length == 2);
        var session = leaks.SingleOrDefault(leak => leak.Subject == "sessions");
        Expect(session is { Reason: LeakReason.TooOld }, "a session never closed: which cache, and who opened it", Brief(session));
        var text = leaks.SingleOrDefault(leak => leak.Subject == "texts");
        Expect(text is { Reason: LeakReason.Unreachable }, "an object never returned to its pool", Brief(text));
        await ExpectLogAsync("Leak: texts");
    }

    private async Task CloseAsync(int count)
    {
        foreach (var id in _open.Take(count))
            await TextAsync(HttpMethod.Delete, $"/sessions/{id}");
        _open.RemoveRange(0, count);
    }

    private static string Last(string text, int characters) => text[Math.Max(0, text.Length - characters)..];

    // Of its stacks only what is planted here.
    private static string Brief(object? report) => string.Join('\n', $"{report}".Split('\n')
        .Where(line => !line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains(nameof(Faults), StringComparison.Ordinal)));

    private Leak[] ForgottenLeaks()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return [.. _runtime.FindLeaks().Leaks.Where(leak => $"{leak.RentedBy}".Contains(nameof(Faults.Forget), StringComparison.Ordinal))];
    }

    private async Task ExpectFigureAsync(string what, string metric, double expected, params (string Name, string Value)[] labels)
    {
        var seen = await SettledAsync(async () => (await ScrapeAsync()).Sum(metric, labels), figure => figure == expected);
        Expect(seen == expected, $"{what}, in {metric}", $"{seen}");
    }

    private async Task ExpectLogAsync(string report)
    {
        var line = await SettledAsync(
            () => Task.FromResult(s_logAndExporter.ToString().Split('\n').FirstOrDefault(line => line.Contains(report, StringComparison.Ordinal)) ?? ""),
            line => line.Length > 0);
        Expect(line.Length > 0, $"the log has {report}", line.Trim());
    }

    // Looks until it is so, or for so long that it never will be: a scrape may be answered with what was collected a moment ago, and the log is written behind.
    private async Task<T> SettledAsync<T>(Func<Task<T>> look, Func<T, bool> isSo)
    {
        for (var attempt = 0; ; attempt++)
        {
            var seen = await look();
            if (isSo(seen) || attempt == 100)
                return seen;
            await Task.Delay(100, _stop);
        }
    }

    private async Task<PrometheusText> ScrapeAsync() => new(await TextAsync(HttpMethod.Get, "/metrics"));

    private async Task<string> TextAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await _client.SendAsync(request, _stop);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(_stop);
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await _client.SendAsync(request, _stop);
        return answer.StatusCode;
    }

    private void Expect(bool isSo, string what, string saw)
    {
        _failed |= !isSo;
        s_console.WriteLine($"{(isSo ? "ok" : "FAILED")}: {what}: {saw.ReplaceLineEndings("\n    ")}");
    }
}
