using System.Runtime.CompilerServices;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

public class PageFrameTests
{
    [Test]
    public void AFrameIsOneCacheLine() => Assert.That(Unsafe.SizeOf<PageFrame>(), Is.EqualTo(64));

    [Test]
    public void FreshTableMemoryMeansInsideABlock_Zero_AndDead()
    {
        var frame = default(PageFrame);
        Assert.Multiple(() =>
        {
            Assert.That(frame.State, Is.EqualTo(FrameState.Tail));
            Assert.That(frame.Content, Is.EqualTo(FrameContent.Zero));
            Assert.That(frame.UnfitFor, Is.EqualTo(FrameUses.None));
            Assert.That(frame.Word, Is.Zero);
        });
    }

    [TestCase(16L << 20, 8, 4096u)]
    [TestCase((64L << 30) - 4096, 8, (1u << 24) - 1)]
    [TestCase(64L << 30, 8, (1u << 24) - 1)]
    [TestCase((64L << 30) + 4096, 7, (1u << 24) + 1)]
    [TestCase(128L << 30, 7, (1u << 25) - 1)]
    [TestCase(256L << 30, 6, (1u << 26) - 1)]
    public void TheBudgetOfSlotIndexesHolds(long reservationBytes, int slotShift, uint frames)
    {
        var layout = new FrameTableLayout(reservationBytes, 4096);
        Assert.Multiple(() =>
        {
            Assert.That(layout.SlotShift, Is.EqualTo(slotShift));
            Assert.That(layout.FrameCount, Is.EqualTo(frames));
            Assert.That((ulong)layout.FrameCount << layout.SlotShift, Is.LessThanOrEqualTo(uint.MaxValue), "every slot's index, and their number, is 32 bits");
        });
    }

    [TestCase(0L)]
    [TestCase(FrameTableLayout.LargestReservationBytes + 4096)]
    public void OtherReservationsAreRefused(long reservationBytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new FrameTableLayout(reservationBytes, 4096));

    [TestCase(4096)]
    [TestCase(65536)]
    public void TablesStartOnPagesAndDoNotOverlap(int pageBytes)
    {
        var layout = new FrameTableLayout(77 * PageOrder.FrameBytes, pageBytes);
        Assert.Multiple(() =>
        {
            Assert.That(layout.SlabHeadersOffset, Is.GreaterThanOrEqualTo(77 * PageFrame.Bytes));
            Assert.That(layout.SlotBitmapsOffset - layout.SlabHeadersOffset, Is.GreaterThanOrEqualTo(77 * FrameTableLayout.SlabHeaderBytes));
            Assert.That(layout.SlotWordsOffset - layout.SlotBitmapsOffset, Is.GreaterThanOrEqualTo(77 * 32));
            Assert.That(layout.TotalBytes - layout.SlotWordsOffset, Is.GreaterThanOrEqualTo(77 * 2048));
            foreach (var offset in new[] { layout.DataBytes, layout.SlabHeadersOffset, layout.SlotBitmapsOffset, layout.SlotWordsOffset, layout.TotalBytes })
                Assert.That(offset % pageBytes, Is.Zero);
        });
    }
}
