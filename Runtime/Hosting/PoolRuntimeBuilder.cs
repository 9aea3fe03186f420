using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Slabs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace FolioRuntime.Hosting;

/// <summary>
/// Sets up a runtime that a container makes, and what the container makes on it. Caches and pools are singletons keyed by their name, and the first of each
/// type is there without a key too; they are made when first asked for, and disposed with the container. Not thread-safe, as the services it adds to.
/// </summary>
public sealed class PoolRuntimeBuilder
{
    private readonly OptionsBuilder<PoolRuntimeSettings> _options;

    internal PoolRuntimeBuilder(IServiceCollection services, OptionsBuilder<PoolRuntimeSettings> options)
    {
        Services = services;
        _options = options;
    }

    /// <summary>Where it registers.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The name of the runtime; empty: the one without a name.</summary>
    public string Name => _options.Name;

    /// <summary>Takes settings from configuration, over those given before. A key that no setting has is an error at the start.</summary>
    /// <param name="section">The section whose keys are the names of <see cref="PoolRuntimeSettings"/>.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder Bind(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        _options.Bind(section, static binder => binder.ErrorOnUnknownConfiguration = true);
        return this;
    }

    /// <summary>Changes settings given before.</summary>
    /// <param name="configure">Sets them.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder Configure(Action<PoolRuntimeSettings> configure)
    {
        _options.Configure(configure);
        return this;
    }

    /// <summary>Registers a <see cref="SlabCache{T}"/>: <see cref="PoolRuntime.CreateCache"/>.</summary>
    /// <typeparam name="T">Type of the objects.</typeparam>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="options">How it behaves; null: the runtime's defaults.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddCache<T>(string name, SlabCacheOptions? options = null)
        where T : unmanaged =>
        Add(name, runtime => runtime.CreateCache<T>(name, options));

    /// <summary>Registers a <see cref="SlabCache"/> of plain bytes: <see cref="PoolRuntime.CreateByteCache"/>.</summary>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="sizeBytes">Bytes of an object, 1 to 2 MiB.</param>
    /// <param name="options">How it behaves; null: the runtime's defaults.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddByteCache(string name, int sizeBytes, SlabCacheOptions? options = null) =>
        Add(name, runtime => runtime.CreateByteCache(name, sizeBytes, options));

    /// <summary>Registers a <see cref="SlabMemoryPool"/>: <see cref="PoolRuntime.CreateMemoryPool(int, string)"/>.</summary>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="blockBytes">Bytes of a block. Default: 4096.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddMemoryPool(string name, int blockBytes = SlabMemoryPool.DefaultBlockBytes) =>
        Add(name, runtime => runtime.CreateMemoryPool(blockBytes, name));

    /// <summary>Registers a <see cref="SlabObjectPool{T}"/>, also as <see cref="ObjectPool{T}"/>: <see cref="PoolRuntime.CreateObjectPool{T}(IPooledObjectPolicy{T}, int?, string)"/>.</summary>
    /// <typeparam name="T">Type of the pooled objects.</typeparam>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="policy">Makes objects and resets them on return.</param>
    /// <param name="maximumRetained">Most objects that the pool keeps. Default (null): twice the number of processors.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddObjectPool<T>(string name, IPooledObjectPolicy<T> policy, int? maximumRetained = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(policy);
        Add(name, runtime => runtime.CreateObjectPool(policy, maximumRetained, name));
        Services.AddKeyedSingleton<ObjectPool<T>>(name, static (provider, key) => provider.GetRequiredKeyedService<SlabObjectPool<T>>(key));
        Services.TryAddSingleton<ObjectPool<T>>(provider => provider.GetRequiredKeyedService<SlabObjectPool<T>>(name));
        return this;
    }

    private PoolRuntimeBuilder Add<TService>(string name, Func<PoolRuntime, TService> create)
        where TService : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var runtimeName = Name;
        Services.AddKeyedSingleton(name, (provider, _) => create(HostedRuntime.Of(provider, runtimeName).Runtime));
        Services.TryAddSingleton(provider => provider.GetRequiredKeyedService<TService>(name));
        return this;
    }
}
