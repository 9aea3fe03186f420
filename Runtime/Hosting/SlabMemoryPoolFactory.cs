using System.Buffers;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Platform;
using Microsoft.AspNetCore.Connections;

namespace FolioRuntime.Hosting;

/// <summary>
/// Gives Kestrel memory pools over a runtime. Kestrel asks once for each of its IO queues and once for the server, and disposes the pools when it stops,
/// possibly with blocks still out: these stay whole until they are returned. Each pool is a cache of its own; together they share the runtime's
/// capacity, and what lies idle goes back by the runtime's own timer. Thread-safe.
/// </summary>
internal sealed class SlabMemoryPoolFactory : IMemoryPoolFactory<byte>
{
    private const string DefaultOwner = "kestrel";

    private readonly PoolRuntime _runtime;

    /// <param name="runtime">Where the blocks come from; it stays its owner's, and must live until the server has stopped.</param>
    /// <exception cref="ArgumentException">Its memory has no arrays behind it, and Kestrel's sockets send from nothing else.</exception>
    public SlabMemoryPoolFactory(PoolRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        if (runtime.Options.Backing != MemoryBacking.PinnedArrays)
            throw new ArgumentException($"Kestrel's socket transport sends only from arrays: make the runtime with {nameof(PoolRuntimeOptions.Backing)} = {nameof(MemoryBacking.PinnedArrays)}.", nameof(runtime));
        _runtime = runtime;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) =>
        _runtime.CreateMemoryPool(SlabMemoryPool.DefaultBlockBytes, string.IsNullOrWhiteSpace(options?.Owner) ? DefaultOwner : options.Owner);
}
