using System.Buffers;
using FolioRuntime.Integrations.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace FolioRuntime.Serve.Servers;

/// <summary>Gives Kestrel the pools of the control <see cref="TwiceRentedPool"/>.</summary>
internal sealed class TwiceRentedPoolFactory(PoolRuntime runtime) : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) =>
        new TwiceRentedPool(runtime.CreateMemoryPool(SlabMemoryPool.DefaultBlockBytes, options?.Owner ?? "kestrel"));
}
