using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FolioRuntime.Hosting;

/// <summary>A runtime that a container owns, and who watches it: one for each name that was registered. Thread-safe.</summary>
internal sealed class HostedRuntime : IDisposable
{
    /// <summary>The category of what is logged.</summary>
    public const string LogCategory = "FolioRuntime";

    public HostedRuntime(IServiceProvider provider, string name)
    {
        var settings = provider.GetRequiredService<IOptionsMonitor<PoolRuntimeSettings>>().Get(name);
        var time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = provider.GetService<ILoggerFactory>()?.CreateLogger(LogCategory) ?? NullLogger.Instance;
        var options = settings.ToOptions(time);
        Runtime = new PoolRuntime(options.Name.Length > 0 ? options : options with { Name = name });
        Watch = new ViolationWatch(Runtime.Options.Name, logger, time);
        Runtime.ViolationDetected += Watch.Note;
    }

    public PoolRuntime Runtime { get; }

    public ViolationWatch Watch { get; }

    public static HostedRuntime Of(IServiceProvider provider, string name) => provider.GetRequiredKeyedService<HostedRuntime>(name);

    /// <summary>Idempotent, as the runtime's own: the container may know the runtime by other ways too.</summary>
    public void Dispose() => Runtime.Dispose();
}
