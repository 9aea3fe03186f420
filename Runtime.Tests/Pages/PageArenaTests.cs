using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

public class PageArenaTests
{
    private static readonly IVirtualMemory s_system = VirtualMemory.ForThisSystem();

    [Test]
    public void ARefusedReservationIsHalvedUntilItIsGranted()
    {
        var memory = new RecordingMemory(s_system, largestBytes: 40L << 20);
        var arena = new PageArena(memory, s_system, new PageArenaOptions { ReservationBytes = 256L << 20 });
        Assert.That(arena.ReservedBytes, Is.EqualTo(32L << 20));
        Assert.That(arena.Frames.FrameCount, Is.EqualTo(8192u));
    }

    [Test]
    public void ARefusedTableReservationHalvesBoth_AndNothingOfTheFirstTryStays()
    {
        var data = new RecordingMemory(s_system);
        var tables = new RecordingMemory(s_system, largestBytes: 20L << 20);
        var arena = new PageArena(data, tables, new PageArenaOptions { ReservationBytes = 64L << 20 });
        Assert.Multiple(() =>
        {
            Assert.That(arena.ReservedBytes, Is.EqualTo(32L << 20));
            Assert.That(data.Regions, Has.Count.EqualTo(2));
            Assert.That(data.Regions[0].IsClosed, Is.True);
            Assert.That(data.Regions[1].IsClosed, Is.False);
        });
    }

    [Test]
    public void BelowTheStatedMinimumTheErrorStands()
    {
        var memory = new RecordingMemory(s_system, largestBytes: PageArena.SmallestReservationBytes - 1);
        var refused = Assert.Throws<VirtualMemoryException>(() => _ = new PageArena(memory, s_system, new PageArenaOptions { ReservationBytes = 1L << 30 }));
        Assert.That(refused.SizeBytes, Is.EqualTo(PageArena.SmallestReservationBytes));
        Assert.That(memory.Regions, Is.Empty);
    }

    [Test]
    public void EveryCallOfAFailingConstructionIsAnErrorThatLeavesNothing() =>
        FaultSweep.Run(memory =>
        {
            try
            {
                var arena = new PageArena(memory, memory, new PageArenaOptions { ReservationBytes = 1L << 20, MaxOrder = 4, HugePages = HugePageMode.Transparent, ExcludeFromDump = true });
                Assert.That(memory.FailureCount, Is.Zero);
                GC.KeepAlive(arena);
            }
            catch (VirtualMemoryException)
            {
                Assert.That(memory.OpenRegions, Is.Zero);
            }
        });

    [Test]
    public void AreasAreCommittedOneByOne_AndClippedToTheLimitAndTheReservation()
    {
        var arena = new PageArena(s_system, s_system, new PageArenaOptions { ReservationBytes = 40L * PageOrder.FrameBytes, MaxOrder = 4 });
        var seen = new List<(uint, uint)>();
        foreach (var limit in new long[] { 1000, 20, 20, 21, 1000, 1000, 1000 })
        {
            if (arena.TryCommitNextArea(limit, out var first, out var count))
                seen.Add((first, count));
        }

        Assert.That(seen, Is.EqualTo(new[] { (0u, 16u), (16u, 4u), (20u, 1u), (21u, 11u), (32u, 8u) }));
        Assert.That(arena.LastCommitFailure, Is.Null, "the end of the reservation is no failure of the system");
    }

    [Test]
    public void ABlockOfTheLargestOrderIsAlignedInAddressesToo([Values(0, 4, 10)] int maxOrder)
    {
        var arena = new PageArena(s_system, s_system, new PageArenaOptions { ReservationBytes = 16L << 20, MaxOrder = maxOrder });
        Assert.That((long)arena.DataBase % ((long)PageOrder.FrameBytes << maxOrder), Is.Zero);
        Assert.That(arena.Address(new FrameNumber(3)) - arena.DataBase, Is.EqualTo((nint)(3 * PageOrder.FrameBytes)));
    }

    /// <summary>For each table: commit it up to the area, fail, fail again, and succeed.</summary>
    [Test]
    public void ACommitThatFailsHalfWayChangesNothing_AndMayBeTriedAgain([Range(1, 5)] int failingCommit)
    {
        var memory = new FaultInjectingMemory(s_system) { FailingOperation = MemoryOperation.Commit, FailingCall = failingCommit, FailuresPersist = true };
        var arena = new PageArena(memory, memory, new PageArenaOptions { ReservationBytes = 1L << 20, MaxOrder = 4 });
        for (var i = 0; i < 2; i++)
        {
            Assert.That(arena.TryCommitNextArea(1000, out _, out var none), Is.False);
            Assert.That((none, arena.Frames.CommittedFrames, arena.Frames.SlotLimit), Is.EqualTo((0u, 0u, 0u)));
            Assert.That(arena.LastCommitFailure?.Message, Does.Contain("injected Commit"));
        }

        memory.Lift();
        Assert.That(arena.TryCommitNextArea(1000, out var first, out var count), Is.True);
        Assert.That((first, count, arena.Frames.CommittedFrames, arena.Frames.SlotLimit), Is.EqualTo((0u, 16u, 16u, 16u << 8)));
        RequireUsable(arena, 16);
    }

    [Test]
    public void EveryEntryOfACommittedFrameCanBeWritten_WithLargePagesToo([Values(4096, 65536)] int pageBytes)
    {
        var memory = new RecordingMemory(s_system) { PageBytes = pageBytes };
        var arena = new PageArena(memory, memory, new PageArenaOptions { ReservationBytes = 1L << 20, MaxOrder = 1 });
        for (uint committed = 2; arena.TryCommitNextArea(21, out _, out _); committed = Math.Min(committed + 2, 21))
            RequireUsable(arena, committed);
    }

    [Test]
    [Platform("Linux")]
    public void DataIsKeptOutOfForks_AndOutOfDumpsOnRequest()
    {
        var memory = new RecordingMemory(s_system);
        _ = new PageArena(memory, s_system, new PageArenaOptions { ExcludeFromDump = true, HugePages = HugePageMode.Transparent });
        Assert.That(ProcessMappings.Read().FlagsAt(memory.Regions[0].Base), Does.Contain("dc").And.Contain("dd"));
    }

    private static unsafe void RequireUsable(PageArena arena, uint frames)
    {
        Assert.That(arena.Frames.CommittedFrames, Is.EqualTo(frames));
        for (uint frame = 0; frame < frames; frame++)
        {
            // SAFETY: committed; what is not would fault here, which is what the test is for.
            *(ulong*)arena.Address(new FrameNumber(frame)) = frame;
            *(ulong*)arena.Frames.SlabHeaderAddress(frame) = frame;
            *(byte*)(arena.Frames.SlotBitmapAddress(frame) + 31) = 1;
            arena.Frames.Frame(frame).SlabCacheId = frame;
            arena.Frames.SlotWord(((frame + 1) << arena.Frames.SlotShift) - 1) = frame;
        }

        for (uint frame = 0; frame < frames; frame++)
        {
            Assert.That(*(ulong*)arena.Address(new FrameNumber(frame)), Is.EqualTo(frame));
            Assert.That(*(ulong*)arena.Frames.SlabHeaderAddress(frame), Is.EqualTo(frame));
            Assert.That(arena.Frames.Frame(frame).SlabCacheId, Is.EqualTo(frame));
            Assert.That(arena.Frames.SlotWord(((frame + 1) << arena.Frames.SlotShift) - 1), Is.EqualTo(frame));
        }

        GC.KeepAlive(arena);
    }
}
