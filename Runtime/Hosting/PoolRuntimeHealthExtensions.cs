using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FolioRuntime.Hosting;

/// <summary>Health checks of runtimes that a container makes.</summary>
public static class PoolRuntimeHealthExtensions
{
    /// <summary>
    /// Adds a check of a runtime registered with <see cref="PoolRuntimeServiceExtensions.AddPoolRuntime(IServiceCollection)"/>: degraded when its
    /// capacity is nearly used up, or misuse or too many leaks were found lately, unhealthy when slabs are quarantined or memory is damaged.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks</c> gives.</param>
    /// <param name="runtimeName">The runtime's name; null: the one without a name.</param>
    /// <param name="options">When it finds fault; null: the defaults.</param>
    /// <param name="checkName">The check's own name; null: "folioruntime", with the runtime's name behind it if it has one.</param>
    /// <param name="failureStatus">What damage is reported as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddPoolRuntime(
        this IHealthChecksBuilder builder,
        string? runtimeName = null,
        PoolRuntimeHealthOptions? options = null,
        string? checkName = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = runtimeName ?? Options.DefaultName;
        var limits = options ?? new PoolRuntimeHealthOptions();
        limits.Validate();
        return builder.Add(new HealthCheckRegistration(
            checkName ?? (name.Length == 0 ? "folioruntime" : $"folioruntime-{name}"),
            provider => new PoolRuntimeHealthCheck(HostedRuntime.Of(provider, name), limits),
            failureStatus,
            tags));
    }
}
