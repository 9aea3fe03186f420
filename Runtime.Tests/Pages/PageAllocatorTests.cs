using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>The page allocator's rules, one thread at a time.</summary>
public class PageAllocatorTests
{
    [TestCase(-1)]
    [TestCase(5)]
    [TestCase(int.MaxValue)]
    public void OrdersOutOfRangeAreMisuse(int order)
    {
        var pages = PagesUnderTest.Create(maxOrder: 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => pages.TryAllocate(order, FrameUses.Folio, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => pages.Free(new FrameNumber(0), order));
    }

    [TestCase(0)]
    [TestCase(17)]
    public void ExactCountsOutOfRangeAreMisuse(int frameCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PagesUnderTest.Create(maxOrder: 4).TryAllocateExact(frameCount, FrameUses.Slab, out _));

    [Test]
    public void TheLargestOrderOfAllWorks()
    {
        var pages = PagesUnderTest.Create(frames: 2 << PageOrder.Largest, maxOrder: PageOrder.Largest);
        var first = pages.Allocate(PageOrder.Largest);
        var second = pages.Allocate(PageOrder.Largest);
        Assert.That(pages.TryAllocate(0, FrameUses.Folio, out _), Is.False);
        pages.Free(first, PageOrder.Largest);
        pages.Free(second, PageOrder.Largest);
        Assert.That(pages.Snapshot().FreeBlocksByOrder[PageOrder.Largest], Is.EqualTo(2));
    }

    [Test]
    public void L8_HoldsThroughTheWholeLifeOfTheAllocator([Values(0, 8)] int threadListCapacity)
    {
        var pages = PagesUnderTest.Create(frames: 100, threadListCapacity: threadListCapacity);
        pages.RequireConsistent(0);
        var held = new List<FrameNumber>();
        while (pages.TryAllocate(0, FrameUses.Folio, out var frame))
        {
            held.Add(frame);
            pages.RequireConsistent(held.Count);
        }

        Assert.That(held.Distinct().Count(), Is.EqualTo(100));
        foreach (var frame in held)
            pages.Free(frame, 0);
        pages.RequireConsistent(0);
        pages.Trim();
        pages.RequireConsistent(0);
        pages.Close();
        pages.RequireConsistent(0);
    }

    [TestCase(1)]
    [TestCase(37)]
    [TestCase(64)]
    public void CapacityIsAStrictBound(int capacity)
    {
        var pages = PagesUnderTest.Create(frames: 64, capacityFrames: capacity, threadListCapacity: 8);
        var got = 0;
        while (pages.TryAllocate(0, FrameUses.Folio, out _))
            got++;
        Assert.That(got, Is.EqualTo(capacity));
        Assert.That(pages.CommittedFrames, Is.EqualTo(capacity));
        pages.RequireConsistent(capacity);
    }

    [Test]
    public void AFailedAllocationSaysHowMuchThereIs_AndWhoHoldsIt()
    {
        var pages = PagesUnderTest.Create(frames: 64, capacityFrames: 20);
        pages.DescribeHolders = () => "Most is held by nobody.";
        pages.Allocate(4);
        Assert.That(pages.TryAllocate(4, FrameUses.Folio, out _), Is.False);
        var error = pages.Exhausted(4, FrameUses.Folio);
        Assert.That(error.Message, Is.EqualTo(
            "No 64 KiB block is left: capacity 80 KiB, in use 64 KiB, free 16 KiB (largest block 16 KiB), retired 0 B. Most is held by nobody."));
    }

    [Test]
    public void AnExactAllocationGivesTheRestBack([Range(1, 16)] int frameCount)
    {
        var pages = PagesUnderTest.Create(frames: 16);
        Assert.That(pages.TryAllocateExact(frameCount, FrameUses.Slab, out var frame), Is.True);
        pages.RequireConsistent(frameCount);
        var others = Enumerable.Range(0, 16 - frameCount).Select(_ => pages.Allocate(0)).ToList();
        Assert.That(pages.TryAllocate(0, FrameUses.Folio, out _), Is.False);
        foreach (var other in others)
            pages.Free(other, 0);
        pages.FreeExact(frame, frameCount);
        pages.RequireConsistent(0);
        Assert.That(pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(1));
    }

    [Test]
    public void PartlyUsedAreasAreUsedUpBeforeAnUntouchedOne()
    {
        var pages = PagesUnderTest.Create(frames: 64);
        var whole = Enumerable.Range(0, 4).Select(_ => pages.Allocate(4)).ToList();
        pages.Free(whole[1], 4);
        pages.Free(whole[3], 4);
        var small = Enumerable.Range(0, 16).Select(_ => pages.Allocate(0)).ToList();
        Assert.That(small.Select(frame => frame.Value / 16).Distinct().Count(), Is.EqualTo(1), "all in one area");
        Assert.That(pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(1), "the other is whole");
    }

    [Test]
    public void FreeingWhatIsNotAllocatedSoIsFoundAtOnce()
    {
        var pages = PagesUnderTest.Create(threadListCapacity: 4);
        var single = pages.Allocate(0);
        var block = pages.Allocate(2);
        pages.Free(single, 0);
        Assert.Multiple(() =>
        {
            Assert.Throws<InvariantViolatedException>(() => pages.Free(single, 0), "twice");
            Assert.Throws<InvariantViolatedException>(() => pages.Free(block, 1), "of another order");
            Assert.Throws<InvariantViolatedException>(() => pages.Free(block + 1, 0), "inside a block");
            Assert.Throws<InvariantViolatedException>(() => pages.FreeExact(block, 2), "of another count");
            Assert.Throws<InvariantViolatedException>(() => pages.Split(block, 3, 1), "of another order");
        });
        pages.RequireConsistent(4);
    }

    [Test]
    public void SplitPartsAreBlocksOfTheirOwn()
    {
        var pages = PagesUnderTest.Create(frames: 16);
        var block = pages.Allocate(4);
        pages.Split(block, 4, 2);
        pages.RequireConsistent(16);
        for (var part = 3; part >= 0; part--)
            pages.Free(block + (4 * part), 2);
        pages.RequireConsistent(0);
        Assert.That(pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(1));
    }

    [Test]
    public void ReuseGoesRound_SoThatNoFrameWearsOutAlone()
    {
        var pages = PagesUnderTest.Create(frames: 8, maxOrder: 3);
        var used = new int[8];
        for (var i = 0; i < 8 << 16; i++)
        {
            var frame = pages.Allocate(0);
            used[frame.Value]++;
            pages.Free(frame, 0);
        }

        Assert.That(used, Is.All.EqualTo(1 << 16));
    }

    [Test]
    public void StatisticsSayWhatIsFree()
    {
        var pages = PagesUnderTest.Create(frames: 32, maxOrder: 4);
        var held = Enumerable.Range(0, 32).Select(_ => pages.Allocate(0)).ToList();
        for (var i = 0; i < 32; i += 2)
            pages.Free(held[i], 0);
        var now = pages.Snapshot();
        Assert.Multiple(() =>
        {
            Assert.That(string.Join(" ", now.FreeBlocksByOrder), Is.EqualTo("16 0 0 0 0"));
            Assert.That(now.FragmentationIndexByOrder[0], Is.EqualTo(-1));
            Assert.That(now.FragmentationIndexByOrder[1], Is.EqualTo(0.438).Within(1e-9));
            Assert.That(now.FragmentationIndexByOrder[4], Is.EqualTo(0.875).Within(1e-9));
            Assert.That(now.CapacityFrames, Is.EqualTo(32));
        });
    }
}
