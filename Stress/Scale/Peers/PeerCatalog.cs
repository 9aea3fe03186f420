using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Scale.Peers;

/// <summary>Every peer, this runtime's own first.</summary>
internal static class PeerCatalog
{
    /// <summary>The largest piece that any workload asks for.</summary>
    public const int LargestBytes = 16_384;

    private const long CapacityBytes = 4L << 30;
    private const int MostPooled = 1 << 20;

    private static readonly Lazy<IMemoryPoolFactory<byte>> s_kestrel = new(
        static () => WebApplication.CreateSlimBuilder().Build().Services.GetRequiredService<IMemoryPoolFactory<byte>>());

    public static IReadOnlyList<Peer> All { get; } =
    [
        new("folio-exclusive", "this runtime: slabs, one owner at a time", LargestBytes, false, fixedBytes => Slab(fixedBytes, SlabDiscipline.Exclusive)),
        new("folio-shared", "this runtime: slabs, with counted references", LargestBytes, false, fixedBytes => Slab(fixedBytes, SlabDiscipline.Shared)),
        new("folio-page", "this runtime: folios of one frame", (int)PageOrder.FrameBytes, true, Folio),
        new("array-pool", "ArrayPool<byte>.Shared", LargestBytes, false, static _ => new PeerInstance<ArrayPoolPeer, byte[]>(default)),
        new("memory-pool", "MemoryPool<byte>.Shared", LargestBytes, false, static _ => new PeerInstance<MemoryPoolPeer, IMemoryOwner<byte>>(new MemoryPoolPeer(MemoryPool<byte>.Shared))),
        new("object-pool", "DefaultObjectPool of arrays", LargestBytes, true, ObjectPool),
        new("bag", "ConcurrentBag of arrays", LargestBytes, true, static _ => new PeerInstance<BagPeer, byte[]>(new BagPeer(new ConcurrentBag<byte[]>()))),
        new("channel", "unbounded Channel of arrays", LargestBytes, true, static _ => new PeerInstance<ChannelPeer, byte[]>(new ChannelPeer(Channel.CreateUnbounded<byte[]>()))),
        new("native", "NativeMemory: the C library's malloc", LargestBytes, false, static _ => new PeerInstance<NativeMemoryPeer, nint>(default)),
        new("gc", "new byte[], and the collector", LargestBytes, false, static _ => new PeerInstance<CollectorPeer, byte[]>(default, trim: Collect)),
        new("kestrel", "Kestrel's own pool of 4 KiB blocks", 4096, true, static _ => Kestrel()),
        new("mimalloc", "mimalloc, through a bare P/Invoke", LargestBytes, false, static _ => Library(["libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so", "libmimalloc.dylib"], "mi_malloc", "mi_free"))
        {
            Installation = "apt-get install libmimalloc2.0",
        },
        new("jemalloc", "jemalloc, through a bare P/Invoke", LargestBytes, false, static _ => Library(["libjemalloc.so.2", "libjemalloc.dylib"], "malloc", "free"))
        {
            Installation = "apt-get install libjemalloc2, and GLIBC_TUNABLES=glibc.rtld.optional_static_tls=4096 in the environment",
        },
        new("tcmalloc", "tcmalloc, through a bare P/Invoke", LargestBytes, false, static _ => Library(["libtcmalloc_minimal.so.4", "libtcmalloc_minimal.dylib"], "tc_malloc", "tc_free"))
        {
            Installation = "apt-get install libtcmalloc-minimal4",
        },
    ];

    /// <summary>A runtime as it is made for a sample.</summary>
    public static PoolRuntime CreateRuntime() => new(new PoolRuntimeOptions { CapacityBytes = CapacityBytes });

    private static PeerInstance Slab(int fixedBytes, SlabDiscipline discipline)
    {
        var runtime = CreateRuntime();
        var options = new SlabCacheOptions { Discipline = discipline };
        return fixedBytes > 0
            ? new PeerInstance<SlabPeer, SlabHandle>(new SlabPeer(runtime.CreateByteCache("pieces", fixedBytes, options)), runtime, () => runtime.Trim())
            : new PeerInstance<SizedSlabPeer, SlabHandle>(new SizedSlabPeer(runtime, LargestBytes, options), runtime, () => runtime.Trim());
    }

    private static PeerInstance<FolioPeer, FolioHandle> Folio(int fixedBytes)
    {
        // Content as it was, as from every other peer.
        var runtime = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = CapacityBytes, ZeroFolios = false });
        return new PeerInstance<FolioPeer, FolioHandle>(new FolioPeer(runtime.Folios), runtime, () => runtime.Trim());
    }

    private static PeerInstance<ObjectPoolPeer, byte[]> ObjectPool(int fixedBytes) => new(
        new ObjectPoolPeer(new DefaultObjectPool<byte[]>(new ArrayPolicy(fixedBytes), MostPooled)));

    private static PeerInstance<MemoryPoolPeer, IMemoryOwner<byte>> Kestrel()
    {
        var pool = s_kestrel.Value.Create();
        return new PeerInstance<MemoryPoolPeer, IMemoryOwner<byte>>(new MemoryPoolPeer(pool), pool);
    }

    private static PeerInstance<NativeLibraryPeer, nint>? Library(string[] files, string allocate, string free) =>
        NativeLibraries.Find(files, allocate, free) is { } peer ? new PeerInstance<NativeLibraryPeer, nint>(peer) : null;

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private sealed class ArrayPolicy(int sizeBytes) : PooledObjectPolicy<byte[]>
    {
        public override byte[] Create() => new byte[sizeBytes];

        public override bool Return(byte[] obj) => true;
    }
}
