using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

public sealed class SlabLayoutTests
{
    private const int SmallestSlot = 16;
    private const int MaxOrder = 10;

    private static IEnumerable<int> Sizes()
    {
        for (var size = 1; size <= SlabLayout.LargestSizeBytes; size = size < 64 ? size + 1 : size + (size / 61) + 1)
            yield return size;
        yield return SlabLayout.LargestSizeBytes;
    }

    [Test]
    public void Above_1_KiB_at_most_an_eighth_of_a_slab_is_waste()
    {
        foreach (var size in Sizes().Where(size => size > 1024))
            Assert.That(SlabLayout.For(size, 0, SmallestSlot, MaxOrder).Waste, Is.LessThanOrEqualTo(0.125), $"{size} bytes");
    }

    [Test]
    public void Slots_fit_into_their_frames_and_their_words_into_the_frames_windows()
    {
        foreach (var size in Sizes())
        {
            var layout = SlabLayout.For(size, 0, SmallestSlot, MaxOrder);
            Assert.That(layout.StrideBytes, Is.GreaterThanOrEqualTo(Math.Max(size, SmallestSlot)));
            Assert.That((long)layout.SlotCount * layout.StrideBytes, Is.LessThanOrEqualTo(layout.SlabBytes).And.GreaterThan(layout.SlabBytes - 4096 - layout.StrideBytes));
            Assert.That(layout.SlotCount, Is.LessThanOrEqualTo(layout.FrameCount * 4096 / SmallestSlot));
            Assert.That(layout.FrameCount, Is.InRange(1, 1 << MaxOrder));
        }
    }

    [TestCase(64, 1024, 16, 0.125)]
    [TestCase(4096, 16, 16, 0.0625)]
    [TestCase(2 << 20, 1, 512, 0.002)]
    public void The_layouts_that_the_docs_name(int size, int slots, int frames, double wordOverhead)
    {
        var layout = SlabLayout.For(size, 0, SmallestSlot, MaxOrder);

        Assert.That((layout.SlotCount, layout.FrameCount), Is.EqualTo((slots, frames)));
        Assert.That(layout.WordOverhead(4096 / SmallestSlot), Is.EqualTo(wordOverhead).Within(0.001));
    }

    /// <summary>The rule as it is written down, tried order by order.</summary>
    [Test]
    public void The_layout_is_the_one_that_the_rule_names([Values(0, 2, 4, 6, MaxOrder)] int maxOrder, [Values(0, 1, 8, 64, 4096)] int alignment)
    {
        foreach (var size in Sizes().Where(size => size <= 4096 << maxOrder && (size + alignment) <= SlabLayout.LargestSizeBytes))
        {
            var stride = size;
            while (stride % (alignment != 0 ? alignment : size > 4 ? 8 : size > 2 ? 4 : size) != 0)
                stride++;
            stride = Math.Max(stride, SmallestSlot);
            var orders = Enumerable.Range(0, maxOrder + 1).Where(order => order >= Math.Min(4, maxOrder))
                .Select(order => (Slots: (4096 << order) / stride, Order: order)).Where(at => at.Slots > 0)
                .Select(at => (at.Slots, Frames: (at.Slots * stride / 4096) + (at.Slots * stride % 4096 == 0 ? 0 : 1)))
                .Select(at => (at.Slots, at.Frames, Used: (double)at.Slots * size / (at.Frames * 4096L))).ToList();
            var best = orders.FindIndex(at => at.Slots >= 8 && at.Used >= 0.875);
            var expected = orders[best >= 0 ? best : orders.IndexOf(orders.MaxBy(at => at.Used))];

            var layout = SlabLayout.For(size, alignment, SmallestSlot, maxOrder);
            Assert.That((layout.SizeBytes, layout.StrideBytes, layout.SlotCount, layout.FrameCount), Is.EqualTo((size, stride, expected.Slots, expected.Frames)));
            Assert.That((layout.SlabBytes, layout.Waste), Is.EqualTo((expected.Frames * 4096L, 1 - expected.Used)));
        }
    }

    [TestCase(4096, 0, 1)]
    [TestCase(4096, 3, 8)]
    [TestCase(4095, 0, 1)]
    [TestCase(3000, 1, 2)]
    public void A_fixed_order_is_taken_whatever_it_wastes(int size, int order, int slots) =>
        Assert.That(SlabLayout.For(size, 0, SmallestSlot, MaxOrder, order).SlotCount, Is.EqualTo(slots));

    [Test]
    public void Red_zones_lie_on_either_side_of_each_object_and_keep_its_alignment([Values(0, 1, 8, 64, 4096)] int alignment)
    {
        foreach (var size in Sizes())
        {
            var layout = SlabLayout.For(size, alignment, SmallestSlot, MaxOrder, redZones: true);
            var aligned = SlabLayout.AlignmentOf(size, alignment);
            Assert.That(layout.HasRedZones, Is.True);
            Assert.That(layout.ObjectOffsetBytes, Is.GreaterThanOrEqualTo(8));
            Assert.That((layout.ObjectOffsetBytes % aligned, layout.StrideBytes % aligned), Is.EqualTo((0, 0)));
            Assert.That(layout.StrideBytes - layout.ObjectOffsetBytes - size, Is.GreaterThanOrEqualTo(8));
            Assert.That((long)layout.SlotCount * layout.StrideBytes, Is.LessThanOrEqualTo(layout.SlabBytes));
            Assert.That(layout.FrameCount, Is.LessThanOrEqualTo(16).Or.GreaterThanOrEqualTo(layout.StrideBytes >> 12), "zones are no waste: small objects stay in small slabs");
        }
    }

    [Test]
    public void Without_red_zones_an_object_begins_where_its_slot_does()
    {
        var layout = SlabLayout.For(64, 0, SmallestSlot, MaxOrder);
        Assert.That((layout.HasRedZones, layout.ObjectOffsetBytes, layout.StrideBytes), Is.EqualTo((false, 0, 64)));
    }

    [Test]
    public void A_size_that_no_order_holds_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SlabLayout.For(1 << 20, 0, SmallestSlot, maxOrder: 4));
}
