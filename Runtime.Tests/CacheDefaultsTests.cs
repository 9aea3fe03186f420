using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests;

public sealed class CacheDefaultsTests
{
    private static readonly PoolRuntimeOptions s_options = new()
    {
        CapacityBytes = 16 << 20,
        CacheDefaults = new SlabCacheOptions { ThreadCacheCapacity = 3, ZeroOnAllocate = true },
    };

    [Test]
    public void A_cache_made_without_options_has_the_runtimes_defaults()
    {
        using var runtime = new PoolRuntime(s_options);
        var cache = runtime.CreateByteCache("bytes", 64);
        for (var i = 0; i < 5; i++)
        {
            var handle = cache.Rent();
            Assert.That(cache.BytesOf(handle).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
            cache.BytesOf(handle).Fill(0xff);
            cache.Return(handle);
        }

        Assert.That(cache.ThreadCacheCapacity, Is.EqualTo(3));
    }

    [Test]
    public void A_cache_made_with_options_has_only_those()
    {
        using var runtime = new PoolRuntime(s_options);
        Assert.That(runtime.CreateByteCache("bytes", 64, new SlabCacheOptions()).ThreadCacheCapacity, Is.EqualTo(60));
    }

    [TestCase(1, 60)]
    [TestCase(248, 60)]
    [TestCase(249, 26)]
    [TestCase(1024, 26)]
    [TestCase(1025, 12)]
    [TestCase(4096, 12)]
    [TestCase(4097, 4)]
    [TestCase(256 << 10, 4)]
    [TestCase((256 << 10) + 1, 1)]
    public void A_thread_keeps_fewer_objects_the_larger_they_are(int size, int capacity)
    {
        using var runtime = new PoolRuntime(s_options);
        Assert.That(runtime.CreateByteCache("bytes", size, new SlabCacheOptions()).ThreadCacheCapacity, Is.EqualTo(capacity));
    }

    [Test]
    public void Memory_pools_take_the_defaults_too()
    {
        using var runtime = new PoolRuntime(s_options);
        using var pool = runtime.CreateMemoryPool();
        for (var i = 0; i < 5; i++)
        {
            using var owner = pool.Rent();
            Assert.That(owner.Memory.Span.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
            owner.Memory.Span.Fill(0xff);
        }

        Assert.That((pool.Cache.Discipline, pool.Cache.ThreadCacheCapacity), Is.EqualTo((SlabDiscipline.Exclusive, 3)));
    }
}
