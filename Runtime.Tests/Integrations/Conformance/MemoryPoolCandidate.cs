using System.Buffers;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace FolioRuntime.Tests.Integrations.Conformance;

/// <summary>A pool that the checks are run on.</summary>
internal sealed record MemoryPoolCandidate(string Name, Func<MemoryPool<byte>> Create)
{
    private static readonly Lazy<IMemoryPoolFactory<byte>> s_kestrel = new(
        static () => WebApplication.CreateSlimBuilder().Build().Services.GetRequiredService<IMemoryPoolFactory<byte>>());

    public static IReadOnlyList<MemoryPoolCandidate> All { get; } =
    [
        Ours("this, native", MemoryBacking.Native),
        Ours("this, pinned arrays", MemoryBacking.PinnedArrays),
        Ours("this, three sizes", MemoryBacking.Native, 256, 4096, 32768),
        new("`MemoryPool.Shared`", static () => MemoryPool<byte>.Shared),
        new("Kestrel's", static () => s_kestrel.Value.Create()),
    ];

    public bool IsOurs { get; init; }

    /// <summary>Whether memory that has no array behind it is what was asked for.</summary>
    public bool IsNative { get; init; }

    /// <summary>A pool that may hold 256 KiB at most, if there are such.</summary>
    public Func<MemoryPool<byte>>? CreateBounded { get; init; }

    /// <summary>Blocks of a pool that are out, if it can be asked.</summary>
    public Func<MemoryPool<byte>, long>? Outstanding { get; init; }

    /// <summary>Blocks of a pool that were plain arrays for want of memory, if it can be asked.</summary>
    public Func<MemoryPool<byte>, long>? Fallbacks { get; init; }

    public override string ToString() => Name;

    private static MemoryPoolCandidate Ours(string name, MemoryBacking backing, params int[] sizes) => new(name, () => Make(backing, 16 << 20, sizes))
    {
        IsOurs = true,
        IsNative = backing == MemoryBacking.Native,
        CreateBounded = () => Make(backing, 256 << 10, sizes),
        Outstanding = static pool => ((SlabMemoryPool)pool).Caches.Sum(cache => cache.Statistics().ActiveObjects),
        Fallbacks = static pool => ((SlabMemoryPool)pool).FallbackCount,
    };

    // The pool keeps its runtime's memory reachable; the collector takes both.
    private static SlabMemoryPool Make(MemoryBacking backing, long capacityBytes, int[] sizes)
    {
        var runtime = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = capacityBytes,
            ReservationBytes = capacityBytes,
            MaxOrder = 6,
            Backing = backing,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        return sizes.Length == 0 ? runtime.CreateMemoryPool() : runtime.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = sizes });
    }
}
