using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>Every call to the system fails once, or from some point on: allocation says no, nothing is lost, and it works afterwards.</summary>
public class PageFaultTests
{
    [Test]
    public void WhicheverCallFails_NothingIsLost([Values] bool failuresPersist)
    {
        var calls = FaultSweep.Run(Scenario, failuresPersist);
        Assert.That(calls, Is.GreaterThanOrEqualTo(18), "2 reservations, an exclusion, 3 areas of 5 commits, and discards");
    }

    private static void Scenario(FaultInjectingMemory memory)
    {
        PageAllocator pages;
        try
        {
            pages = PagesUnderTest.Create(frames: 40, memory: memory, threadListCapacity: 4);
        }
        catch (VirtualMemoryException)
        {
            Assert.That(memory.OpenRegions, Is.Zero);
            return;
        }

        var held = new List<(FrameNumber Frame, int Order)>();
        foreach (var order in new[] { 0, 4, 0, 3, 2, 0 })
        {
            var failures = memory.FailureCount;
            if (pages.TryAllocate(order, FrameUses.Folio, out var frame))
                held.Add((frame, order));
            else
                Assert.That(memory.FailureCount, Is.GreaterThan(failures), "fails only when the system does");
            pages.RequireConsistent(held.Sum(block => 1L << block.Order));
        }

        if (memory.FailureCount != 0 && pages.Arena.LastCommitFailure is { } cause)
            Assert.That(pages.Exhausted(0, FrameUses.Folio).InnerException, Is.SameAs(cause));
        foreach (var (frame, order) in held)
            pages.Free(frame, order);
        pages.Trim();
        pages.RequireConsistent(0);
        RequireWorksAfterwards(memory, pages);
        pages.Close();
        pages.RequireConsistent(0);
    }

    private static void RequireWorksAfterwards(FaultInjectingMemory memory, PageAllocator pages)
    {
        // In the undisturbed run nothing is lifted, so that the calls made from here on are counted and fail in their turn, too.
        if (memory.FailureCount != 0)
            memory.Lift();
        var all = 0;
        while (pages.TryAllocate(0, FrameUses.Folio, out _))
            all++;
        if (memory.FailureCount == 0 || pages.Arena.LastCommitFailure is null)
            Assert.That(all, Is.EqualTo(40));
        pages.RequireConsistent(all);
        for (uint frame = 0; frame < pages.CommittedFrames; frame++)
            pages.Free(new FrameNumber(frame), 0);
        pages.RequireConsistent(0);
    }
}
