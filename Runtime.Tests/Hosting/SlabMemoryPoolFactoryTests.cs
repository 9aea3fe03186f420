using FolioRuntime.Hosting;
using FolioRuntime.Platform;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FolioRuntime.Tests.Hosting;

public sealed class SlabMemoryPoolFactoryTests() : RuntimeFixture(generationBits: 32)
{
    protected override PoolRuntimeOptions Options => base.Options with { Backing = MemoryBacking.PinnedArrays, CapacityBytes = 8 << 20, ReservationBytes = 8 << 20 };

    [TestCase(null, "kestrel")]
    [TestCase(" ", "kestrel")]
    [TestCase("other", "other")]
    public void A_pool_is_named_for_its_owner(string? owner, string name)
    {
        var factory = new SlabMemoryPoolFactory(Pool);

        using var first = factory.Create(new MemoryPoolOptions { Owner = owner });
        using var second = factory.Create();

        Assert.That(Pool.Snapshot().Caches.Select(cache => cache.Name), Is.EquivalentTo([name, "kestrel"]));
        Assert.That(first, Is.Not.SameAs(second));
        Assert.That(first.MaxBufferSize, Is.EqualTo(4096));
    }

    [Test]
    public void A_block_that_is_out_when_its_pool_ends_stays_whole_whatever_other_pools_do()
    {
        var factory = new SlabMemoryPoolFactory(Pool);
        var ended = factory.Create();
        var block = ended.Rent();
        block.Memory.Span.Fill(7);

        ended.Dispose();
        Pool.Trim();
        using (var other = factory.Create())
        {
            var blocks = Enumerable.Range(0, 1000).Select(_ => other.Rent()).ToList();
            blocks.ForEach(each => each.Memory.Span.Fill(1));
            Assert.That(block.Memory.Span.IndexOfAnyExcept((byte)7), Is.Negative);
            blocks.ForEach(each => each.Dispose());
        }

        block.Dispose();
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void A_runtime_without_arrays_is_refused()
    {
        using var native = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 1 << 20 });
        var services = new ServiceCollection();

        Assert.That(() => services.AddKestrelMemoryPool(native), Throws.ArgumentException.With.Message.Contains("PinnedArrays"));
        Assert.That(services, Is.Empty);
        Assert.Throws<ArgumentNullException>(() => _ = new SlabMemoryPoolFactory(null!));
    }

    [Test]
    public void A_factory_registered_before_gives_way()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IMemoryPoolFactory<byte>>(_ => throw new InvalidOperationException("the other one"));
        services.AddKestrelMemoryPool(Pool);

        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetServices<IMemoryPoolFactory<byte>>().Single(), Is.TypeOf<SlabMemoryPoolFactory>());
        provider.Dispose();
        Assert.That(Pool.IsDisposed, Is.False, "it is ours, not the container's");
    }

    [Test]
    public void After_its_end_a_runtime_makes_no_pools()
    {
        var factory = new SlabMemoryPoolFactory(Pool);
        Pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => factory.Create());
    }
}
