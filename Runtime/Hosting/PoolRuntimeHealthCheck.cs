using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FolioRuntime.Hosting;

/// <summary>
/// Whether a runtime can be relied on:
/// <code>
///   disposed, or something damaged                      unhealthy (or what the registration says), for good
///   nearly all of the capacity used, misuse lately,
///   or more leaks lately than are tolerated             degraded
/// </code>
/// Free memory that lies in slabs counts as used until a trim, so a burst may show for two intervals of the trim. Thread-safe.
/// </summary>
internal sealed class PoolRuntimeHealthCheck(HostedRuntime hosted, PoolRuntimeHealthOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        var runtime = hosted.Runtime;
        if (runtime.IsDisposed)
            return new HealthCheckResult(failure, "The runtime is disposed.");
        var now = runtime.Snapshot();
        var quarantined = now.Caches.Sum(cache => cache.QuarantinedSlabs);
        var damage = now.Violations.GetValueOrDefault(ViolationKind.Corruption);
        var used = now.Pages.AllocatedFrames << PageOrder.FrameShift;
        var capacity = now.Pages.CapacityFrames << PageOrder.FrameShift;
        var leakedLately = hosted.Watch.LeaksWithin(options.LeakPeriod);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["used_bytes"] = used,
            ["capacity_bytes"] = capacity,
            ["quarantined_slabs"] = quarantined,
            ["fallbacks"] = now.Caches.Sum(cache => cache.Fallbacks),
            ["leaked"] = now.Violations.GetValueOrDefault(ViolationKind.Leak),
            ["leaked_lately"] = leakedLately,
            ["violations"] = now.Violations.Values.Sum(),
        };

        if (quarantined > 0 || damage > 0)
            return new HealthCheckResult(failure, $"Memory of the runtime is damaged: {damage} findings, {quarantined} slabs quarantined. The log says where.", data: data);
        var faults = new List<string>();
        if (used >= options.MostUsed * capacity)
            faults.Add($"{new ByteCount(used)} of {new ByteCount(capacity)} are used");
        if (hosted.Watch.SinceLastMisuse is { } since && since < options.MisuseRemembered)
            faults.Add("misuse was found lately: the log says what");
        if (leakedLately > options.MostLeaks)
            faults.Add($"{leakedLately} leaks were found in the last {options.LeakPeriod}: the log says which");
        return faults.Count == 0
            ? HealthCheckResult.Healthy($"{new ByteCount(used)} of {new ByteCount(capacity)} are used.", data)
            : HealthCheckResult.Degraded(string.Join("; ", faults) + ".", data: data);
    }
}
