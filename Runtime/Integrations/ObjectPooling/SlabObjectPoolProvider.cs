using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>
/// Stands where <see cref="DefaultObjectPoolProvider"/> does, and makes pools whose returns are checked. docs/POOLS.md says what is the same and what is not. Thread-safe. It
/// owns nothing: each pool is its maker's, and ends with the runtime at the latest.
/// </summary>
public sealed class SlabObjectPoolProvider : ObjectPoolProvider
{
    private readonly IObjectPoolFactory _factory;

    internal SlabObjectPoolProvider(IObjectPoolFactory factory, SlabObjectPoolOptions options)
    {
        _factory = factory;
        Options = options;
    }

    /// <summary>What every pool is made with. Its name is followed by the type's.</summary>
    public SlabObjectPoolOptions Options { get; }

    /// <summary>A pool of objects that the policy makes and resets.</summary>
    /// <typeparam name="T">Type of the objects. <see cref="IDisposable"/> ones are disposed when the pool drops them.</typeparam>
    /// <param name="policy">Makes objects and resets them on return.</param>
    /// <returns>A <see cref="SlabObjectPool{T}"/>, to be disposed by the caller.</returns>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public override ObjectPool<T> Create<T>(IPooledObjectPolicy<T> policy) =>
        _factory.CreateObjectPool(policy, Options with { Name = $"{Options.Name}-{typeof(T).Name}" });
}
