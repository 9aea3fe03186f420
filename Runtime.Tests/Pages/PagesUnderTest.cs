using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>A page allocator of its own, small enough to be audited after every step.</summary>
internal static class PagesUnderTest
{
    public static PageAllocator Create(
        int frames = 64, int maxOrder = 4, long? capacityFrames = null, int threadListCapacity = 0, int batch = 4,
        IVirtualMemory? memory = null, HugePageMode hugePages = HugePageMode.Off, INumaTopology? topology = null)
    {
        memory ??= VirtualMemory.ForThisSystem();
        var arena = new PageArena(memory, memory, new PageArenaOptions
        {
            ReservationBytes = (long)frames << PageOrder.FrameShift,
            MaxOrder = maxOrder,
            HugePages = hugePages,
        });
        return new PageAllocator(arena, new PageAllocatorOptions
        {
            CapacityFrames = capacityFrames ?? long.MaxValue,
            ThreadListCapacity = threadListCapacity,
            ThreadListBatch = batch,
            Topology = topology ?? OneNode.Instance,
        });
    }

    /// <summary>Takes a block for a folio, or fails the test.</summary>
    public static FrameNumber Allocate(this PageAllocator pages, int order, FrameUses use = FrameUses.Folio)
    {
        Assert.That(pages.TryAllocate(order, use, out var frame), Is.True, $"a block of order {order}");
        return frame;
    }

    /// <summary>Fails the test unless L8 holds, the structure audits, and this many frames are allocated.</summary>
    public static void RequireConsistent(this PageAllocator pages, long allocatedFrames)
    {
        var now = pages.Snapshot();
        Assert.Multiple(() =>
        {
            Assert.That(pages.IsValid(), Is.True, "audit");
            Assert.That(now.AllocatedFrames, Is.EqualTo(allocatedFrames));
            Assert.That(now.AllocatedFrames + now.FreeFrames + now.RetiredFrames, Is.EqualTo(now.CommittedFrames), "L8");
            Assert.That(now.AllocatedFrames + now.FreeFrames, Is.LessThanOrEqualTo(now.CapacityFrames), "capacity");
            Assert.That(now.FreeBlocksByOrder.Select((blocks, order) => (long)blocks << order).Sum(), Is.EqualTo(now.FreeFrames - now.CachedFrames));
        });
    }
}
