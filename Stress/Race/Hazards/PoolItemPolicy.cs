using System.Collections.Concurrent;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Race.Hazards;

/// <summary>Makes items and remembers them all, so that the end of each can be checked.</summary>
internal sealed class PoolItemPolicy : IPooledObjectPolicy<PoolItem>
{
    public ConcurrentBag<PoolItem> Made { get; } = [];

    public PoolItem Create()
    {
        var item = new PoolItem();
        Made.Add(item);
        return item;
    }

    public bool Return(PoolItem obj) => true;
}
