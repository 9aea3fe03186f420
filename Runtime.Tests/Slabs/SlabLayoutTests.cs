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

    [Test]
    public void A_size_that_no_order_holds_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SlabLayout.For(1 << 20, 0, SmallestSlot, maxOrder: 4));
}
