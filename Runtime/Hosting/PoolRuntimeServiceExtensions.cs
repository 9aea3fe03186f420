using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FolioRuntime.Hosting;

/// <summary>Registers runtimes with a container, in generic and in web hosts, or without a host.</summary>
public static class PoolRuntimeServiceExtensions
{
    /// <summary>
    /// Registers the <see cref="PoolRuntime"/> of the application: a singleton, made when it is first asked for and disposed with the container. What is wrong with
    /// its settings is an <see cref="OptionsValidationException"/> at the host's start. What it finds misused is logged in the category "FolioRuntime", if
    /// the container has logging. Called again, it configures the same runtime further.
    /// </summary>
    /// <param name="services">Where to register it.</param>
    /// <returns>For configuration, and for caches and pools on it.</returns>
    public static PoolRuntimeBuilder AddPoolRuntime(this IServiceCollection services)
    {
        var builder = Add(services, Options.DefaultName);
        services.TryAddSingleton(provider => HostedRuntime.Of(provider, Options.DefaultName).Runtime);
        return builder;
    }

    /// <summary>As the other, with what is set up.</summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="configure">Sets it up.</param>
    /// <returns>For configuration, and for caches and pools on it.</returns>
    public static PoolRuntimeBuilder AddPoolRuntime(this IServiceCollection services, Action<PoolRuntimeSettings> configure) =>
        services.AddPoolRuntime().Configure(configure);

    /// <summary>Registers a further runtime, a singleton keyed by its name; otherwise as the one without a name.</summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="name">Its key, the name of its settings, and its name in metrics unless these say otherwise.</param>
    /// <returns>For configuration, and for caches and pools on it.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static PoolRuntimeBuilder AddPoolRuntime(this IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var builder = Add(services, name);
        services.TryAddKeyedSingleton(name, static (provider, key) => HostedRuntime.Of(provider, (string)key!).Runtime);
        return builder;
    }

    private static PoolRuntimeBuilder Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PoolRuntimeSettings>, PoolRuntimeSettingsValidator>());
        services.TryAddKeyedSingleton(name, static (provider, key) => new HostedRuntime(provider, (string)key!));
        return new PoolRuntimeBuilder(services, services.AddOptions<PoolRuntimeSettings>(name).ValidateOnStart());
    }
}
