using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>What goes back to the system, and what is known of memory that comes from there.</summary>
public class TrimTests
{
    private static readonly IVirtualMemory s_system = VirtualMemory.ForThisSystem();

    [Test]
    public void FreshMemoryIsKnownToBeZero_UsedMemoryIsNot_AndDiscardedMemoryIsAgain()
    {
        var pages = PagesUnderTest.Create(frames: 16);
        var block = pages.Allocate(2);
        Assert.That(pages.IsKnownZero(block, 4), Is.True);
        Fill(pages, block, 4);
        pages.Free(block, 2);
        Assert.That(pages.Allocate(2), Is.EqualTo(block), "what has memory is used first");
        Assert.That(pages.IsKnownZero(block, 4), Is.False);
        pages.Free(block, 2);
        Assert.That(pages.Trim(), Is.EqualTo(4 * PageOrder.FrameBytes), "only what was written counts");
        Assert.That(pages.Trim(), Is.Zero);
        block = pages.Allocate(2);
        Assert.That(pages.IsKnownZero(block, 4), Is.True);
        Assert.That(Bytes(pages, block, 4).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void ClearZeroesWhatIsNotKnownToBe()
    {
        var pages = PagesUnderTest.Create(frames: 16);
        var single = pages.Allocate(0);
        Fill(pages, single, 1);
        pages.Free(single, 0);
        var block = pages.Allocate(4);
        Assert.That(pages.IsKnownZero(block, 16), Is.False);
        pages.Clear(block, 16);
        Assert.That(Bytes(pages, block, 16).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    [Platform("Linux")]
    public void ResidentMemoryComesAndGoes([Values] HugePageMode hugePages)
    {
        var memory = new RecordingMemory(s_system);
        var pages = PagesUnderTest.Create(frames: 4096, maxOrder: 10, memory: memory, hugePages: hugePages, threadListCapacity: 8);
        var blocks = Enumerable.Range(0, 4).Select(_ => pages.Allocate(10)).ToList();
        foreach (var block in blocks)
            Fill(pages, block, 1024);
        Assert.That(Resident(), Is.GreaterThanOrEqualTo(16L << 20));
        foreach (var block in blocks)
            pages.Free(block, 10);
        Assert.That(pages.Trim(), Is.EqualTo(16L << 20));
        Assert.That(Resident(), Is.Zero);
        Assert.That(pages.Snapshot().DiscardedBytes, Is.EqualTo(16L << 20));

        long Resident() => ProcessMappings.Read().ResidentBytes(memory.Regions[0]);
    }

    [Test]
    public void AnIdleTrimGivesBackTheFewestThatWereFreeAllTheTime_LongestFreeFirst()
    {
        var pages = PagesUnderTest.Create(frames: 64, maxOrder: 2);
        var blocks = Enumerable.Range(0, 6).Select(_ => pages.Allocate(2)).ToArray();
        foreach (var block in blocks)
            pages.Free(block, 2);
        Assert.That(pages.TrimIdle(), Is.Zero, "they became free in this interval");
        var used = new[] { pages.Allocate(2), pages.Allocate(2) };
        foreach (var block in used)
            pages.Free(block, 2);
        Assert.That(pages.TrimIdle(), Is.EqualTo(4 * 4 * PageOrder.FrameBytes), "of six, two were needed");
        Assert.That(used.All(block => !pages.IsKnownZero(block, 4)), Is.True, "those that were used last keep their memory");
        Assert.That(pages.TrimIdle(), Is.EqualTo(2 * 4 * PageOrder.FrameBytes));
        Assert.That(pages.TrimIdle(), Is.Zero);
        pages.RequireConsistent(0);
    }

    [Test]
    public void AnIdleTrimTakesFramesFromListsThatChangedNothing()
    {
        var pages = PagesUnderTest.Create(frames: 64, threadListCapacity: 8);
        var frames = Enumerable.Range(0, 6).Select(_ => pages.Allocate(0)).ToArray();
        foreach (var frame in frames)
            pages.Free(frame, 0);
        Assert.That(pages.CachedFrames, Is.Positive);
        pages.TrimIdle();
        Assert.That(pages.CachedFrames, Is.Positive);
        pages.TrimIdle();
        Assert.That(pages.CachedFrames, Is.Zero);
        pages.RequireConsistent(0);
    }

    [Test]
    public void WithHugePagesOnlyWholeTwoMebibyteAreasGoBack()
    {
        var pages = PagesUnderTest.Create(frames: 1024, maxOrder: 10, hugePages: HugePageMode.Transparent);
        var halves = new[] { pages.Allocate(9), pages.Allocate(9) };
        Fill(pages, halves[0], 512);
        Fill(pages, halves[1], 512);
        pages.Free(halves[0], 9);
        pages.Free(halves[1], 9);
        var single = pages.Allocate(0);
        Assert.That(pages.Trim(), Is.EqualTo(512 * PageOrder.FrameBytes));
        pages.Free(single, 0);
        pages.RequireConsistent(0);
    }

    [Test]
    public void ABackingThatGivesNothingBackSaysSo([Values] bool pretends)
    {
        // Arrays do on Linux.
        var memory = new FaultInjectingMemory(new PinnedArrayMemory()) { GivesNothingBack = pretends };
        var givesBack = OperatingSystem.IsLinux() && !pretends;
        var pages = PagesUnderTest.Create(memory: memory);
        var frame = pages.Allocate(0);
        Fill(pages, frame, 1);
        pages.Free(frame, 0);
        Assert.That(pages.Trim(), givesBack ? Is.Positive : Is.Zero);
        pages.RequireConsistent(0);
        Assert.That(pages.Arena.TryGetArray(pages.Allocate(0), 4096, out var segment), Is.True);
        Assert.That(segment.Count, Is.EqualTo(4096));
    }

    [Test]
    public void PagesOfTheSystemLargerThanAFrameGoBackWhole()
    {
        var memory = new RecordingMemory(s_system) { PageBytes = 4 * PageOrder.FrameBytes };
        var pages = PagesUnderTest.Create(frames: 32, memory: memory);
        var block = pages.Allocate(3);
        var single = pages.Allocate(0);
        Fill(pages, block, 8);
        Fill(pages, single, 1);
        pages.Free(block, 3);
        pages.Free(single, 0);
        Assert.That(pages.Trim(), Is.EqualTo(9 * PageOrder.FrameBytes), "the single frame merged into a block of whole pages");
        single = pages.Allocate(0);
        pages.Allocate(0);
        Fill(pages, single, 1);
        pages.Free(single, 0);
        Assert.That(pages.Trim(), Is.Zero, "a part of a page stays");
    }

    [Test]
    [Platform("Linux")]
    public void ClosingGivesBackWhatIsFree_AndTheLastFreeTheRest([Values] HugePageMode hugePages)
    {
        var memory = new RecordingMemory(s_system);
        var pages = PagesUnderTest.Create(frames: 2048, maxOrder: 10, memory: memory, hugePages: hugePages, threadListCapacity: 8);
        var kept = pages.Allocate(0);
        var single = pages.Allocate(0);
        var block = pages.Allocate(10);
        foreach (var (frame, count) in new[] { (kept, 1), (single, 1), (block, 1024) })
            Fill(pages, frame, count);
        pages.Free(single, 0);
        pages.Free(block, 10);
        pages.Close();
        Assert.That(pages.TryAllocate(0, FrameUses.Folio, out _), Is.False);
        Assert.That(Bytes(pages, kept, 1).IndexOfAnyExcept((byte)0xA5), Is.EqualTo(-1), "what is out stays");
        pages.RequireConsistent(1);
        pages.Free(kept, 0);
        pages.RequireConsistent(0);
        Assert.That(ProcessMappings.Read().ResidentBytes(memory.Regions[0]), Is.Zero);
        Assert.That(Bytes(pages, kept, 1)[0], Is.Zero, "a late reader finds mapped memory");
        pages.Close();
    }

    private static void Fill(PageAllocator pages, FrameNumber frame, int frameCount) => Bytes(pages, frame, frameCount).Fill(0xA5);

    private static unsafe Span<byte> Bytes(PageAllocator pages, FrameNumber frame, int frameCount)
    {
        // SAFETY: allocated by the test, or at least committed.
        return new Span<byte>((void*)pages.Arena.Address(frame), frameCount * PageOrder.FrameBytes);
    }
}
