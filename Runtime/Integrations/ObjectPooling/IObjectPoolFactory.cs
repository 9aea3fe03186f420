using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>Makes pools of any type on one runtime.</summary>
internal interface IObjectPoolFactory
{
    /// <summary>As the runtime's own method of this name.</summary>
    SlabObjectPool<T> CreateObjectPool<T>(IPooledObjectPolicy<T> policy, SlabObjectPoolOptions options)
        where T : class;
}
