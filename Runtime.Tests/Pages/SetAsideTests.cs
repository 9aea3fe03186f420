using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>Frames whose generations are spent for one use, or for both.</summary>
public class SetAsideTests
{
    [Test]
    public void Hazard09_AFrameSpentForFoliosServesSlabsFirst_AndNoFolioEver([Values(0, 8)] int threadListCapacity)
    {
        var pages = PagesUnderTest.Create(frames: 16, threadListCapacity: threadListCapacity);
        var worn = pages.Allocate(0);
        var neighbour = pages.Allocate(0);
        pages.SetAside(worn, 1, FrameUses.Folio);
        pages.RequireConsistent(1);
        var folios = new List<FrameNumber>();
        while (pages.TryAllocate(0, FrameUses.Folio, out var frame))
            folios.Add(frame);
        Assert.That(folios, Has.Count.EqualTo(14).And.None.EqualTo(worn));
        Assert.That(pages.Allocate(0, FrameUses.Slab), Is.EqualTo(worn));
        pages.RequireConsistent(16);
        pages.Free(worn, 0);
        Assert.That(pages.TryAllocate(0, FrameUses.Folio, out _), Is.False, "still worn after its life in a slab");
        Assert.That(pages.Allocate(0, FrameUses.Slab), Is.EqualTo(worn));
        Assert.That(neighbour, Is.Not.EqualTo(worn));
    }

    [Test]
    public void AFrameSpentForSlabsServesFolios()
    {
        var pages = PagesUnderTest.Create(frames: 4, maxOrder: 2);
        var block = pages.Allocate(2, FrameUses.Slab);
        pages.SetAside(block, 4, FrameUses.Slab);
        Assert.That(pages.TryAllocate(0, FrameUses.Slab, out _), Is.False);
        Assert.That(pages.RetiredFrames, Is.Zero);
        Assert.That(pages.Allocate(2, FrameUses.Folio), Is.EqualTo(block));
        pages.RequireConsistent(4);
    }

    [Test]
    public void AFrameSpentForBothIsRetired_CountsNeitherFreeNorAllocated_AndTheCapacityGoesOn()
    {
        var pages = PagesUnderTest.Create(frames: 8, maxOrder: 2, capacityFrames: 4);
        var block = pages.Allocate(2, FrameUses.Slab);
        pages.SetAside(block, 4, FrameUses.Slab);
        var folio = pages.Allocate(2, FrameUses.Folio);
        pages.SetAside(folio, 4, FrameUses.Folio);
        pages.RequireConsistent(0);
        Assert.That(pages.RetiredFrames, Is.EqualTo(1), "only the head's folio word is spent");
        Assert.That(pages.Frames.Frame(block.Value).State, Is.EqualTo(FrameState.Retired));
        Assert.That(pages.FreeFrames, Is.EqualTo(3));

        // Another slab can only come from the reservation's rest, within the capacity of 4 in all.
        Assert.That(pages.TryAllocate(0, FrameUses.Slab, out var next), Is.True);
        Assert.That(next.Value, Is.EqualTo(4u));
        pages.RequireConsistent(1);
        Assert.That(pages.TryAllocate(0, FrameUses.Slab, out _), Is.False);
    }

    [Test]
    public void WornHeadsDoNotHideFitPartsOfTheirBlock()
    {
        var pages = PagesUnderTest.Create(frames: 16);
        pages.SetAside(pages.Allocate(4), 16, FrameUses.Folio);
        Assert.That(pages.TryAllocate(4, FrameUses.Folio, out _), Is.False, "the only block of this order has a worn head");
        pages.RequireConsistent(0);
        Assert.That(pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(1), "and looking for one has not broken it up");
        Assert.That(pages.Allocate(3), Is.EqualTo(new FrameNumber(8)));
        Assert.That(pages.Allocate(2), Is.EqualTo(new FrameNumber(4)));
        Assert.That(pages.Allocate(2, FrameUses.Slab), Is.EqualTo(new FrameNumber(0)));
        pages.RequireConsistent(16);
    }

    [Test]
    public void RetiredFramesInTheMiddleOfABlockLeaveTheRestInUse()
    {
        var pages = PagesUnderTest.Create(frames: 8, maxOrder: 3);
        var singles = Enumerable.Range(0, 8).Select(_ => pages.Allocate(0)).OrderBy(frame => frame.Value).ToList();
        foreach (var frame in singles)
            pages.SetAside(frame, 1, frame.Value is 2 or 5 ? FrameUses.Folio : FrameUses.None);
        var slab = pages.Allocate(3, FrameUses.Slab);
        pages.SetAside(slab, 8, FrameUses.Slab);
        pages.RequireConsistent(0);
        Assert.That(pages.RetiredFrames, Is.EqualTo(2));
        Assert.That(string.Join(" ", pages.Snapshot().FreeBlocksByOrder), Is.EqualTo("2 2 0 0"), "0-1, 3, 4, 6-7");
    }
}
