using FolioRuntime.Platform;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FolioRuntime.Hosting;

/// <summary>Has Kestrel take its memory from a runtime.</summary>
public static class KestrelServiceExtensions
{
    /// <summary>The name of the runtime that <see cref="AddKestrelMemoryPool(IServiceCollection)"/> makes.</summary>
    public const string RuntimeName = "kestrel";

    /// <summary>
    /// Registers a runtime of its own for Kestrel, over pinned arrays since Kestrel sends only from arrays, and has every pool of Kestrel made from it. The
    /// order of registrations is of no matter. The runtime is made when Kestrel starts, and disposed with the container, after the server has stopped.
    /// </summary>
    /// <param name="services">The services of a web host.</param>
    /// <returns>For its set-up. By default it has 256 MiB; when they are spent blocks are plain arrays, and counted.</returns>
    public static PoolRuntimeBuilder AddKestrelMemoryPool(this IServiceCollection services)
    {
        var builder = services.AddPoolRuntime(RuntimeName).Configure(settings => settings.Backing = MemoryBacking.PinnedArrays);

        // The web host's builder has registered Kestrel's own factory already, so that only a replacement has an effect.
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(provider => new SlabMemoryPoolFactory(provider.GetRequiredKeyedService<PoolRuntime>(RuntimeName))));
        return builder;
    }

    /// <summary>Has every pool of Kestrel made from a runtime of the caller's.</summary>
    /// <param name="services">The services of a web host.</param>
    /// <param name="runtime">Made with <see cref="MemoryBacking.PinnedArrays"/>. It stays the caller's, who disposes it after the server has stopped.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException">The runtime's memory has no arrays behind it.</exception>
    public static IServiceCollection AddKestrelMemoryPool(this IServiceCollection services, PoolRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(services);
        var factory = new SlabMemoryPoolFactory(runtime);
        return services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(factory));
    }
}
