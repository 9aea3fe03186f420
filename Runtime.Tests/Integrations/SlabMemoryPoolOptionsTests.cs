using FolioRuntime.Integrations.Pipelines;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>Pools of several sizes of blocks.</summary>
public sealed class SlabMemoryPoolOptionsTests() : RuntimeFixture(32)
{
    [TestCase(-1, 256)]
    [TestCase(0, 256)]
    [TestCase(256, 256)]
    [TestCase(257, 4096)]
    [TestCase(4097, 32768)]
    [TestCase(32769, 32769)]
    [TestCase(100_000, 100_000)]
    public void A_rent_gets_the_smallest_block_that_is_long_enough(int asked, int given)
    {
        using var pool = Pool.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = [4096, 256, 32768, 256], MaxBufferSize = 100_000 });
        Assert.That(pool.MaxBufferSize, Is.EqualTo(100_000));
        Assert.That(pool.Caches.Select(cache => (cache.Name, cache.SizeBytes)), Is.EqualTo(new[] { ("memory-pool-256", 256), ("memory-pool-4096", 4096), ("memory-pool-32768", 32768) }));
        using (var owner = pool.Rent(asked))
        {
            Assert.That(owner.Memory.Length, Is.EqualTo(given));
            Assert.That((pool.OversizeCount, pool.FallbackCount), Is.EqualTo((asked > 32768 ? 1L : 0L, 0L)));
        }

        Assert.That(pool.Caches.Sum(cache => cache.Statistics().ActiveObjects), Is.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(100_001));
    }

    [Test]
    public void After_the_pools_end_no_size_is_given()
    {
        var pool = Pool.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = [64, 128], MaxBufferSize = 1000 });
        pool.Dispose();
        foreach (var size in new[] { 64, 128, 1000 })
            Assert.Throws<ObjectDisposedException>(() => pool.Rent(size));
    }

    [Test]
    public void Wrong_sizes_are_refused_and_nothing_is_made()
    {
        Assert.Throws<ArgumentException>(() => Pool.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = [0, 64] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = [64, 1 << 30] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.CreateMemoryPool(new SlabMemoryPoolOptions { BlockSizes = [64, 128], MaxBufferSize = 127 }));
        Assert.Throws<ArgumentNullException>(() => Pool.CreateMemoryPool(null!));
        Assert.That(Pool.Snapshot().Caches, Is.Empty);
    }
}
