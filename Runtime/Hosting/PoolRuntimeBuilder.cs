using System.Runtime.CompilerServices;
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
/// type is there without a key too; they are made when first asked for, and disposed with the container. What is wrong
/// with their sizes or options ends the host's start. Not thread-safe, as the services it adds to.
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
        AddCache<T>(name, runtime => options ?? runtime.CacheDefaults);

    /// <summary>The same, with settings from configuration.</summary>
    /// <typeparam name="T">Type of the objects.</typeparam>
    /// <param name="section">
    /// The section of the cache's name, whose keys are the names of <see cref="SlabCacheSettings"/>; what it doesn't say is as in the runtime's defaults. A key that no setting has is an error at
    /// the start.
    /// </param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddCache<T>(IConfigurationSection section)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(section);
        return AddCache<T>(section.Key, runtime => Bound(section, runtime));
    }

    /// <summary>Registers a <see cref="SlabCache"/> of plain bytes: <see cref="PoolRuntime.CreateByteCache"/>.</summary>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="sizeBytes">Bytes of an object, 1 to 2 MiB.</param>
    /// <param name="options">How it behaves; null: the runtime's defaults.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddByteCache(string name, int sizeBytes, SlabCacheOptions? options = null) =>
        AddByteCache(name, sizeBytes, runtime => options ?? runtime.CacheDefaults);

    /// <summary>The same, with settings from configuration.</summary>
    /// <param name="section">As for <see cref="AddCache{T}(IConfigurationSection)"/>.</param>
    /// <param name="sizeBytes">Bytes of an object, 1 to 2 MiB.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddByteCache(IConfigurationSection section, int sizeBytes)
    {
        ArgumentNullException.ThrowIfNull(section);
        return AddByteCache(section.Key, sizeBytes, runtime => Bound(section, runtime));
    }

    /// <summary>Registers a <see cref="SlabMemoryPool"/>: <see cref="PoolRuntime.CreateMemoryPool(int, string)"/>.</summary>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="blockBytes">Bytes of a block. Default: 4096.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddMemoryPool(string name, int blockBytes = SlabMemoryPool.DefaultBlockBytes) =>
        AddMemoryPool(new SlabMemoryPoolOptions { Name = name, BlockSizes = [blockBytes] });

    /// <summary>Registers a <see cref="SlabMemoryPool"/>: <see cref="PoolRuntime.CreateMemoryPool(SlabMemoryPoolOptions)"/>.</summary>
    /// <param name="options">Sizes, and how leaks are looked for. Their name is its key.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddMemoryPool(SlabMemoryPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(options.Name, runtime => runtime.CreateMemoryPool(options), runtime =>
        {
            foreach (var size in PoolRuntimeOptions.RequireValid(options).Sizes)
                runtime.RequireValid(runtime.CacheOf(options), size);
        });
    }

    /// <summary>Registers a <see cref="SlabObjectPool{T}"/>, also as <see cref="ObjectPool{T}"/>: <see cref="PoolRuntime.CreateObjectPool{T}(IPooledObjectPolicy{T}, int?, string)"/>.</summary>
    /// <typeparam name="T">Type of the pooled objects.</typeparam>
    /// <param name="name">Its key, and its name in statistics and messages.</param>
    /// <param name="policy">Makes objects and resets them on return.</param>
    /// <param name="maximumRetained">Most objects that the pool keeps. Default (null): twice the number of processors.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddObjectPool<T>(string name, IPooledObjectPolicy<T> policy, int? maximumRetained = null)
        where T : class =>
        AddObjectPool(policy, new SlabObjectPoolOptions { Name = name, MaximumRetained = maximumRetained });

    /// <summary>Registers a <see cref="SlabObjectPool{T}"/>, also as <see cref="ObjectPool{T}"/>: <see cref="PoolRuntime.CreateObjectPool{T}(IPooledObjectPolicy{T}, SlabObjectPoolOptions)"/>.</summary>
    /// <typeparam name="T">Type of the pooled objects.</typeparam>
    /// <param name="policy">Makes objects and resets them on return.</param>
    /// <param name="options">Bounds, what is kept, and how leaks are looked for. Their name is its key.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddObjectPool<T>(IPooledObjectPolicy<T> policy, SlabObjectPoolOptions options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        Add(options.Name, runtime => runtime.CreateObjectPool(policy, options), runtime => RequireValid(options, runtime));
        return AddAsObjectPool<SlabObjectPool<T>, T>(options.Name);
    }

    /// <summary>Registers a <see cref="SlabFacadePool{TFacade, TValue}"/>, also as <see cref="ObjectPool{T}"/>: <see cref="PoolRuntime.CreateFacadePool"/>.</summary>
    /// <typeparam name="TFacade">Type of the objects.</typeparam>
    /// <typeparam name="TValue">Type of their state.</typeparam>
    /// <param name="create">Makes an object; its state isn't there yet.</param>
    /// <param name="options">How it behaves. Their name is its key.</param>
    /// <returns>The same builder.</returns>
    public PoolRuntimeBuilder AddFacadePool<TFacade, TValue>(Func<TFacade> create, SlabObjectPoolOptions options)
        where TFacade : SlabFacade<TValue>
        where TValue : unmanaged
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(options);
        Add(options.Name, runtime => runtime.CreateFacadePool<TFacade, TValue>(create, options), runtime =>
        {
            RequireValid(options, runtime);
            runtime.RequireValid(runtime.ValuesOf(options), Unsafe.SizeOf<TValue>());
        });
        return AddAsObjectPool<SlabFacadePool<TFacade, TValue>, TFacade>(options.Name);
    }

    private static void RequireValid(SlabObjectPoolOptions options, PoolRuntimeOptions runtime)
    {
        options.Validate();
        runtime.RequireValid(runtime.CacheOf(options), sizeof(ulong));
    }

    // Over the runtime's defaults, which are known when there is a runtime, or its settings are being checked.
    private static SlabCacheOptions Bound(IConfiguration section, PoolRuntimeOptions runtime)
    {
        var settings = SlabCacheSettings.Of(runtime.CacheDefaults);
        section.Bind(settings, static binder => binder.ErrorOnUnknownConfiguration = true);
        return settings.ToOptions();
    }

    private PoolRuntimeBuilder AddCache<T>(string name, Func<PoolRuntimeOptions, SlabCacheOptions> options)
        where T : unmanaged =>
        Add(name, runtime => runtime.CreateCache<T>(name, options(runtime.Options)), runtime => runtime.RequireValid(options(runtime), Unsafe.SizeOf<T>()));

    private PoolRuntimeBuilder AddByteCache(string name, int sizeBytes, Func<PoolRuntimeOptions, SlabCacheOptions> options) =>
        Add(name, runtime => runtime.CreateByteCache(name, sizeBytes, options(runtime.Options)), runtime => runtime.RequireValid(options(runtime), sizeBytes));

    private PoolRuntimeBuilder AddAsObjectPool<TPool, T>(string name)
        where TPool : ObjectPool<T>
        where T : class
    {
        Services.AddKeyedSingleton<ObjectPool<T>>(name, static (provider, key) => provider.GetRequiredKeyedService<TPool>(key));
        Services.TryAddSingleton<ObjectPool<T>>(provider => provider.GetRequiredKeyedService<TPool>(name));
        return this;
    }

    private PoolRuntimeBuilder Add<TService>(string name, Func<PoolRuntime, TService> create, Action<PoolRuntimeOptions> check)
        where TService : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var runtimeName = Name;
        Services.AddSingleton<IValidateOptions<PoolRuntimeSettings>>(new PoolRegistrationValidator(runtimeName, name, check));
        Services.AddKeyedSingleton(name, (provider, _) => create(HostedRuntime.Of(provider, runtimeName).Runtime));
        Services.TryAddSingleton(provider => provider.GetRequiredKeyedService<TService>(name));
        return this;
    }
}
