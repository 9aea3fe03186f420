using System.Security.Cryptography;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// The caches of one runtime by id, and what they share. A slot leads to its frame, the frame names the cache by id, and from here
/// comes the cache: so whoever ends an object's life finds its destructor, whatever type it thought it had (L1).
/// Ids start at 1 and are never reused. Thread-safe; look-up takes no latch.
/// </summary>
internal sealed class SlabRegistry(PageAllocator pages, FrameTable tables, GenerationSpace generations, ViolationLog violations)
{
    private readonly Latch _latch = new();
    private readonly ulong _secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    // Replaced as a whole when it grows. Writers: under the latch. Readers: any thread.
    private SlabCache?[] _caches = new SlabCache?[8];
    private uint _lastId;
    private bool _closed;

    public PageAllocator Pages { get; } = pages;

    public FrameTable Tables { get; } = tables;

    public GenerationSpace Generations { get; } = generations;

    public ViolationLog Violations { get; } = violations;

    /// <summary>The clock of the runtime.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>An id for a cache in the making.</summary>
    /// <exception cref="ObjectDisposedException">The runtime is disposed.</exception>
    public uint NextId()
    {
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SlabRegistry));
            var id = checked(++_lastId);
            if (id >= _caches.Length)
            {
                var larger = new SlabCache?[2 * _caches.Length];
                _caches.CopyTo(larger, 0);
                Atomics.StoreRelease(ref _caches, larger);
            }

            return id;
        }
    }

    /// <summary>Makes a finished cache findable.</summary>
    /// <exception cref="ObjectDisposedException">The runtime was disposed meanwhile: nobody would dispose the cache.</exception>
    public void Publish(SlabCache cache)
    {
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SlabRegistry));
            Atomics.StoreRelease(ref _caches[cache.Id], cache);
        }
    }

    /// <summary>Forgets a cache that is disposed and has no slab left.</summary>
    public void Remove(uint id)
    {
        using (_latch.Hold())
            Atomics.StoreRelease(ref _caches[id], null);
    }

    /// <summary>The cache that the slot's slab belongs to. The caller holds the slot, so the slab stays.</summary>
    public SlabCache CacheOf(uint slotIndex)
    {
        var id = Atomics.LoadAcquire(ref Tables.Frame(slotIndex >> Tables.SlotShift).SlabCacheId);
        var cache = Atomics.LoadAcquire(ref Atomics.LoadAcquire(ref _caches)[id]);
        Invariant.Require(cache is not null, "a held slot's frame names a registered cache");
        return cache;
    }

    /// <summary>The cache that a slot seems to belong to, for a report: nobody need hold it. Null: none, or one that is gone.</summary>
    public SlabCache? FindCacheOf(uint slotIndex)
    {
        if (slotIndex >= Tables.SlotLimit)
            return null;
        var id = Atomics.LoadAcquire(ref Tables.Frame(slotIndex >> Tables.SlotShift).SlabCacheId);
        var caches = Atomics.LoadAcquire(ref _caches);
        return id < caches.Length ? Atomics.LoadAcquire(ref caches[id]) : null;
    }

    /// <summary>All caches registered now.</summary>
    public IReadOnlyList<SlabCache> Snapshot()
    {
        using (_latch.Hold())
            return [.. _caches.OfType<SlabCache>()];
    }

    /// <summary>Takes no more caches; returns those there are.</summary>
    public IReadOnlyList<SlabCache> Close()
    {
        using (_latch.Hold())
            _closed = true;
        return Snapshot();
    }

    /// <summary>The caches that take most memory, in words, for the error on exhaustion.</summary>
    public string DescribeHolders()
    {
        var holders = Snapshot()
            .Select(cache => (cache.Name, Bytes: cache.Store.Counts().Frames << PageOrder.FrameShift))
            .Where(holder => holder.Bytes > 0)
            .OrderByDescending(holder => holder.Bytes)
            .Take(3)
            .Select(holder => $"{holder.Name} {new ByteCount(holder.Bytes)}")
            .ToArray();
        return holders.Length == 0 ? "" : $"Most is held by {string.Join(", ", holders)}.";
    }

    /// <summary>The cookie that a slab's header must hold.</summary>
    /// <param name="head">The slab's first frame.</param>
    /// <param name="header">Its cache, its window and its size are what the cookie is made of.</param>
    public ulong CookieFor(uint head, in SlabHeader header)
    {
        // Place and cache are mixed before the window and the size come in: numbers of 32 bits that are only added up can make up for each other.
        var mix = _secret ^ (((ulong)header.CacheId << 32) | head);
        mix = (mix ^ (mix >> 33)) * 0xC2B2AE3D27D4EB4F;
        mix = (mix ^ header.FirstIndex ^ ((ulong)header.SlotCount << 32) ^ (mix >> 31)) * 0x9E3779B97F4A7C15;
        mix = (mix ^ header.FrameCount ^ (mix >> 29)) * 0xD6E8FEB86659FD93;
        return mix ^ (mix >> 32);
    }
}
