using FolioRuntime.Diagnostics;
using FolioRuntime.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.ObjectPool;
using OpenTelemetry.Metrics;
using Sample;

// A server over this package's memory, with its health and its figures. With --self-check it makes requests to itself, and ends with 0 if all went as it should.
var isSelfCheck = args.Contains("--self-check");
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (isSelfCheck)
    SelfCheck.Configure(builder);

// Kestrel's buffers, and apart from them the application's own objects.
var settings = builder.Configuration.GetSection("FolioRuntime");
builder.Services.AddKestrelMemoryPool().Bind(settings.GetSection("Kestrel"));
builder.Services.AddPoolRuntime()
    .Bind(settings.GetSection("Application"))
    .AddCache<Session>("sessions")
    .AddObjectPool("texts", new StringBuilderPooledObjectPolicy());
builder.Services.AddHealthChecks()
    .AddPoolRuntime()
    .AddPoolRuntime(KestrelServiceExtensions.RuntimeName);
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
    .AddMeter(RuntimeMetrics.MeterName)
    .AddConsoleExporter()
    .AddPrometheusExporter());
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJson.Default));

await using var application = builder.Build();
application.MapSessions();
application.MapPost("/echo", async (HttpRequest request, HttpResponse response) => await request.BodyReader.CopyToAsync(response.BodyWriter));
application.MapPrometheusScrapingEndpoint("/metrics");
application.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealthAsync });

if (isSelfCheck)
    return await SelfCheck.RunAsync(application);
await application.RunAsync();
return 0;

static Task WriteHealthAsync(HttpContext context, HealthReport report) => context.Response.WriteAsync(
    string.Join('\n', report.Entries.Select(entry => $"{entry.Key}: {entry.Value.Description}").Prepend(report.Status.ToString())));
