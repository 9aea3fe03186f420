using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FolioRuntime.Harness;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;

namespace FolioRuntime.Bench;

/// <summary>
/// What is compared. The baseline is the raw atomics that the shared cycle cannot do without, on a word of their own: the publishing
/// store, the two adds of get and put, the CAS of the return.
/// </summary>
internal sealed unsafe class Operations : IDisposable
{
    public const string Baseline = "raw-atomics";
    public const string SharedCycleName = "shared-cycle";

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 256 << 20, TrimInterval = Timeout.InfiniteTimeSpan });
    private readonly SlabCache<Block> _shared;
    private readonly SlabCache<Block> _exclusive;
    private readonly ulong* _word = (ulong*)NativeMemory.AlignedAlloc(64, 64);

    public Operations()
    {
        _shared = _runtime.CreateCache<Block>("shared");
        _exclusive = _runtime.CreateCache<Block>("exclusive", new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        All =
        [
            new TimedOperation(Baseline, RawAtomics),
            new TimedOperation(SharedCycleName, SharedCycle),
            new TimedOperation("raw-get-put", RawGetPut),
            new TimedOperation("shared-get-put", SharedGetPut),
            new TimedOperation("shared-rent-return", SharedRentReturn),
            new TimedOperation("exclusive-rent-return", ExclusiveRentReturn),
            new TimedOperation("array-pool", ArrayPoolRentReturn),
            new TimedOperation("object-pool", ObjectPoolGetReturn),
            new TimedOperation("native-memory", NativeAllocateFree),
        ];
    }

    public IReadOnlyList<TimedOperation> All { get; }

    public void Dispose()
    {
        _runtime.Dispose();
        NativeMemory.AlignedFree(_word);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RawAtomics(int count)
    {
        ref var word = ref *_word;
        for (var i = 0; i < count; i++)
        {
            var published = LifetimeWord.Rented((uint)i).Bits;
            Volatile.Write(ref word, published);
            Interlocked.Add(ref word, LifetimeWord.OneReference);
            Interlocked.Add(ref word, LifetimeWord.MinusOneReference);
            if (Interlocked.CompareExchange(ref word, (uint)i + 1, published) != published)
                throw new InvalidOperationException("Nobody else writes this word.");
        }
    }

    private void SharedCycle(int count)
    {
        var cache = _shared;
        for (var i = 0; i < count; i++)
        {
            var handle = cache.Rent();
            if (!cache.TryGet(handle, out var reference))
                throw new InvalidOperationException("A rented object can be got.");
            reference.Dispose();
            cache.Return(handle);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RawGetPut(int count)
    {
        ref var word = ref *_word;
        for (var i = 0; i < count; i++)
        {
            Interlocked.Add(ref word, LifetimeWord.OneReference);
            Interlocked.Add(ref word, LifetimeWord.MinusOneReference);
        }
    }

    private void SharedGetPut(int count)
    {
        var cache = _shared;
        var handle = cache.Rent();
        for (var i = 0; i < count; i++)
        {
            if (!cache.TryGet(handle, out var reference))
                throw new InvalidOperationException("A rented object can be got.");
            reference.Dispose();
        }

        cache.Return(handle);
    }

    private void SharedRentReturn(int count)
    {
        var cache = _shared;
        for (var i = 0; i < count; i++)
            cache.Return(cache.Rent());
    }

    private void ExclusiveRentReturn(int count)
    {
        var cache = _exclusive;
        for (var i = 0; i < count; i++)
            cache.Return(cache.Rent());
    }

    private static void ArrayPoolRentReturn(int count)
    {
        for (var i = 0; i < count; i++)
            ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(64));
    }

    private static void ObjectPoolGetReturn(int count)
    {
        var pool = s_objects;
        for (var i = 0; i < count; i++)
            pool.Return(pool.Get());
    }

    private static void NativeAllocateFree(int count)
    {
        for (var i = 0; i < count; i++)
            NativeMemory.Free(NativeMemory.Alloc(64));
    }

    private static readonly ObjectPool<object> s_objects = new DefaultObjectPool<object>(new DefaultPooledObjectPolicy<object>());

    [InlineArray(8)]
    private struct Block
    {
        private long _first;
    }
}
