using System.Buffers;
using FolioRuntime.Pages;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.Pipelines;

/// <summary>
/// A <see cref="MemoryPool{T}"/> of equally sized blocks from a slab cache, for <c>System.IO.Pipelines.Pipe</c> and whatever takes a pool.
/// Renting never blocks and never fails for want of memory: when the runtime's capacity is spent the block is a plain array, counted in
/// <see cref="FallbackCount"/>. Disposing an owner twice is harmless, reported, and throws nothing, since a pipe would not survive it. Thread-safe.
/// A runtime over pinned arrays gives memory that has an array behind it.
/// </summary>
public sealed class SlabMemoryPool : MemoryPool<byte>
{
    /// <summary>The usual block of pipes and of Kestrel: 4096 usable bytes.</summary>
    public const int DefaultBlockBytes = 4096;

    private readonly PageArena _arena;
    private readonly SlabCache _cache;

    internal SlabMemoryPool(PageArena arena, SlabCache cache)
    {
        _arena = arena;
        _cache = cache;
    }

    /// <summary>Bytes of a block: the largest buffer that can be asked for.</summary>
    public override int MaxBufferSize => _cache.SizeBytes;

    /// <summary>Blocks that were plain arrays because the capacity was spent.</summary>
    public long FallbackCount => _cache.Fallbacks.Value;

    /// <summary>The cache that the blocks come from.</summary>
    public SlabCache Cache => _cache;

    /// <summary>Rents one block, whose memory is <see cref="MaxBufferSize"/> bytes whatever was asked for.</summary>
    /// <param name="minBufferSize">Bytes needed, at most <see cref="MaxBufferSize"/>; -1: any.</param>
    /// <returns>The owner, to be disposed by the caller. Its content is what the block held before, zero at first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than -1, or more than a block holds.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        if (_cache.TryRent(out var handle))
            return new SlabMemoryOwner(_arena, _cache, handle);
        _cache.Fallbacks.Add();
        return new ArrayMemoryOwner(new byte[MaxBufferSize]);
    }

    /// <summary>Takes no more rents. Blocks that are out stay valid until their owners are disposed.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cache.Dispose();
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
