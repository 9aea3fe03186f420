using System.Buffers;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// A <see cref="MemoryPool{T}"/> of blocks of one size, or of a few, each from a slab cache, for <c>System.IO.Pipelines.Pipe</c> and whatever takes a pool.
/// Renting never blocks and never fails for want of memory: when the runtime's capacity is spent the block is a plain array, counted in
/// <see cref="FallbackCount"/>. Disposing an owner twice is harmless, reported, and throws nothing, since a pipe would not survive it. Thread-safe.
/// A runtime over pinned arrays gives memory that has an array behind it. docs/POOLS.md has what it promises, beside other pools.
/// </summary>
public sealed class SlabMemoryPool : MemoryPool<byte>
{
    /// <summary>The usual block of pipes and of Kestrel: 4096 usable bytes.</summary>
    public const int DefaultBlockBytes = 4096;

    private readonly StripedCounter _oversized = new();

    // By size, the smallest first.
    private readonly SlabCache[] _caches;

    internal SlabMemoryPool(SlabCache[] caches, int maxBufferSize)
    {
        _caches = caches;
        MaxBufferSize = maxBufferSize;
    }

    /// <summary>Bytes of the largest buffer that can be asked for: of the largest block, unless <see cref="SlabMemoryPoolOptions.MaxBufferSize"/> says more.</summary>
    public override int MaxBufferSize { get; }

    /// <summary>Blocks that were plain arrays because the capacity was spent, or the system refused memory.</summary>
    public long FallbackCount => _caches.Sum(cache => cache.Fallbacks.Value);

    /// <summary>Buffers that were plain arrays because they were longer than the largest block.</summary>
    public long OversizeCount => _oversized.Value;

    /// <summary>The cache that the smallest blocks come from; with one size, all.</summary>
    public SlabCache Cache => _caches[0];

    /// <summary>The caches that the blocks come from, the smallest blocks first.</summary>
    public IReadOnlyList<SlabCache> Caches => _caches;

    /// <summary>Rents a block: the smallest that is long enough. Its memory is the whole block, whatever was asked for.</summary>
    /// <param name="minBufferSize">Bytes needed, at most <see cref="MaxBufferSize"/>; 0 or -1: any, which gets the smallest block.</param>
    /// <returns>The owner, to be disposed by the caller. Its content is what the block held before, zero at first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than -1, or more than <see cref="MaxBufferSize"/>.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        foreach (var cache in _caches)
        {
            if (cache.SizeBytes < minBufferSize)
                continue;
            if (TryRent(cache, out var handle))
                return new SlabMemoryOwner(cache, handle, cache.Watch(handle));
            cache.Fallbacks.Add();
            return new ArrayMemoryOwner(new byte[cache.SizeBytes]);
        }

        ObjectDisposedException.ThrowIf(Cache.IsDisposed, this);
        _oversized.Add();
        return new ArrayMemoryOwner(new byte[minBufferSize]);
    }

    // A thread's first rent also takes memory of the system's for its free blocks, before it takes anything else. A pipe doesn't survive an exception here.
    private static bool TryRent(SlabCache cache, out SlabHandle handle)
    {
        try
        {
            return cache.TryRent(out handle);
        }
        catch (OutOfMemoryException)
        {
            handle = default;
            return false;
        }
    }

    /// <summary>Takes no more rents. Blocks that are out stay valid until their owners are disposed.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var cache in _caches)
            cache.Dispose();
    }

    private sealed class ArrayMemoryOwner(byte[] array) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = array;

        public void Dispose()
        {
            // Nothing to give back: the garbage collector owns the array.
        }
    }
}
