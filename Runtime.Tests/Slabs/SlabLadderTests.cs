using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

public sealed class SlabLadderTests
{
    private const int MaxOrder = 10;

    private static SlabLayout Small(int sizeBytes, int maxOrder = MaxOrder) => SlabLayout.For(sizeBytes, 0, 16, maxOrder);

    /// <summary>The diagram in <see cref="SlabLadder"/>.</summary>
    [TestCase(0, 64)]
    [TestCase(1023, 64)]
    [TestCase(1024, 128)]
    [TestCase(2047, 128)]
    [TestCase(2048, 256)]
    [TestCase(4096, 512)]
    [TestCase(8192, 1024)]
    [TestCase(16384, 2048)]
    [TestCase(32767, 2048)]
    [TestCase(32768, 4096)]
    [TestCase(int.MaxValue, 4096)]
    public void A_slab_is_at_most_an_eighth_of_its_cache(int cacheKibibytes, int slabKibibytes)
    {
        foreach (var size in new[] { 16, 64, 1024, 4096, 8192 })
            Assert.That(SlabLadder.From(Small(size), MaxOrder).Next(cacheKibibytes / 4, owners: 0).SlabBytes, Is.EqualTo(slabKibibytes * 1024L), $"{size}");
    }

    [TestCase(1, 4096)]
    [TestCase(2, 2048)]
    [TestCase(64, 64)]
    [TestCase(100_000, 64)]
    public void Where_threads_own_slabs_it_is_an_eighth_of_a_threads_share(int owners, int slabKibibytes) =>
        Assert.That(SlabLadder.From(Small(64), MaxOrder).Next(32 * 1024 / 4, owners).SlabBytes, Is.EqualTo(slabKibibytes * 1024L));

    [Test]
    public void Every_step_has_the_same_objects_and_more_of_them_and_wastes_no_more_than_a_tail([Values(1, 24, 100, 1000, 1500, 5000, 8192)] int size)
    {
        var ladder = SlabLadder.From(Small(size), MaxOrder);
        var steps = new List<SlabLayout>();
        for (var layout = ladder.Next(long.MaxValue / 8, 0); layout is not null; layout = ladder.Below(layout))
            steps.Add(layout);

        Assert.That(steps[^1], Is.SameAs(ladder.Smallest));
        Assert.That(steps, Has.Count.GreaterThan(5));
        Assert.That(steps.Select(step => (step.SizeBytes, step.StrideBytes, step.ObjectOffsetBytes)).Distinct(), Has.Exactly(1).Items);
        Assert.That(steps.Select(step => -step.SlotCount), Is.Ordered.And.Unique);
        foreach (var step in steps)
        {
            Assert.That((long)step.SlotCount * step.StrideBytes, Is.LessThanOrEqualTo(step.SlabBytes).And.GreaterThan(step.SlabBytes - 4096 - step.StrideBytes));
            Assert.That(ladder.Of(step.FrameCount), Is.SameAs(step));
        }

        Assert.That(ladder.Of(3), Is.Null);
    }

    [Test]
    public void No_step_is_larger_than_a_block_and_large_objects_have_one()
    {
        Assert.That(SlabLadder.From(Small(64, maxOrder: 5), maxOrder: 5).Next(int.MaxValue, 0).FrameCount, Is.EqualTo(32));
        Assert.That(SlabLadder.From(Small(64, maxOrder: 2), maxOrder: 2).IsSingle, Is.True);
        Assert.That(SlabLadder.From(Small(8192), MaxOrder).IsSingle, Is.False);
        Assert.That(SlabLadder.From(Small(8193), MaxOrder).IsSingle, Is.True);
        Assert.That(SlabLadder.Of(Small(64)).Next(int.MaxValue, 0), Is.SameAs(SlabLadder.Of(Small(64)).Smallest).Or.EqualTo(Small(64)));
    }
}
