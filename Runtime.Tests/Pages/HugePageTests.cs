using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>Explicit huge pages: area by area while there are any, and as transparent ones where there are none.</summary>
[NonParallelizable]
public class HugePageTests
{
    private const int AreaFrames = 1024;
    private const int AreaPages = 2;

    [Test]
    public void AnAreaThatIsRefusedIsAnOrdinaryOneAndCounted()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem())
        {
            PretendsToHaveHugePages = true,
            FailingOperation = MemoryOperation.CommitHuge,
            FailingCall = 2,
        };
        var pages = Create(memory, areas: 3);
        var blocks = Enumerable.Range(0, 3).Select(_ => pages.Allocate(10)).ToList();
        var now = pages.Snapshot();
        Assert.That((now.HugeAreas, now.HugeAreasRefused), Is.EqualTo((2L, 1L)));
        foreach (var block in blocks)
        {
            Assert.That(pages.IsKnownZero(block, AreaFrames), Is.True);
            TouchAndFree(pages, block);
        }

        Assert.That(pages.Trim(), Is.EqualTo(3L * AreaFrames * PageOrder.FrameBytes));
        pages.RequireConsistent(0);
    }

    [Test]
    public void APartOfAnAreaThatIsntWholeHugePagesIsOrdinary()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem()) { PretendsToHaveHugePages = true };
        var pages = Create(memory, areas: 2, capacityFrames: AreaFrames + 100);
        pages.Allocate(10);
        pages.Allocate(0);
        var now = pages.Snapshot();
        Assert.That((now.HugeAreas, now.HugeAreasRefused, now.CommittedFrames), Is.EqualTo((1L, 1L, AreaFrames + 100L)));
    }

    [Test]
    public void ABackingWithoutThemRefusesAll()
    {
        using var pool = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 8 << 20, HugePages = HugePageMode.Explicit, Backing = MemoryBacking.PinnedArrays });
        pool.Folios.Return(pool.Folios.Rent(new PageOrder(0)));
        var now = pool.Snapshot().Pages;
        Assert.That((now.HugeAreas, now.HugeAreasRefused), Is.EqualTo((0L, 1L)));
    }

    [Test]
    public void OnThisSystemAsManyAreasAsThereArePagesAreExplicit()
    {
        using var setAside = new HugePagePool(2 * AreaPages);
        var available = Has ? HugePagePool.Free : 0;
        using var pool = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = 16 << 20,
            HugePages = HugePageMode.Explicit,
            ExcludeFromDumps = true,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        var folios = Enumerable.Range(0, 4).Select(_ => pool.Folios.Rent(new PageOrder(10))).ToList();
        var now = pool.Snapshot().Pages;
        var expected = Math.Min(available / AreaPages, 4);
        TestContext.Out.WriteLine($"{available} huge pages free, {now.HugeAreas} areas of them");
        Assert.That((now.HugeAreas, now.HugeAreasRefused), Is.EqualTo((expected, 4 - expected)));
        if (OperatingSystem.IsLinux())
        {
            var mappings = ProcessMappings.Read();
            for (var area = 0; area < 4; area++)
            {
                var flags = mappings.FlagsAt(pool.Pages.Arena.Address(new FrameNumber((uint)area * AreaFrames)));
                Assert.That(flags.Contains("ht"), Is.EqualTo(area < expected), $"area {area} is made of huge pages");
                Assert.That(flags, Does.Contain("dc").And.Contain("dd"), "and is excluded as the others are");
            }
        }

        foreach (var folio in folios)
        {
            if (pool.Folios.TryGet(folio, out var reference))
            {
                Assert.That(reference.Bytes.ContainsAnyExcept((byte)0), Is.False);
                reference.Bytes.Fill(1);
                reference.Dispose();
            }

            pool.Folios.Return(folio);
        }

        Assert.That(pool.Trim(), Is.EqualTo(16 << 20));
        using (pool.Folios.Allocate(new PageOrder(10)))
        {
        }
    }

    [Test]
    public void GivenBackTheyAreAnybodysAndOrdinaryPagesOfZerosAreInTheirPlace()
    {
        using var setAside = new HugePagePool(AreaPages);
        using var region = VirtualMemory.ForThisSystem().Reserve(16 << 20, 4 << 20);
        var free = Has ? HugePagePool.Free : 0;
        var committed = region.TryCommitHuge(4 << 20, 4 << 20);
        Assert.That(committed, Is.EqualTo(free >= AreaPages));
        if (!committed)
            region.Commit(4 << 20, 4 << 20);
        Assert.That(HugePagePool.Free, Is.EqualTo(committed ? free - AreaPages : free), "promised before they are touched");
        for (var round = 0; round < 3; round++)
        {
            Assert.That(region.IsZero(4 << 20, 4 << 20), Is.True);
            region.Span(4 << 20, 4 << 20).Fill(1);
            Assert.That(region.TryReplaceHuge(4 << 20, 4 << 20), Is.EqualTo(OperatingSystem.IsLinux()));
            Assert.That(HugePagePool.Free, Is.EqualTo(free));
        }

        Assert.That(region.TryReplaceHuge(4 << 20, 4096), Is.False);
    }

    [Test]
    public void WhatLiesIdleKeepsItsPagesAndTheEndGivesThemBack()
    {
        using var setAside = new HugePagePool(AreaPages);
        var free = HugePagePool.Free;
        using var pool = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 4 << 20, HugePages = HugePageMode.Explicit, TrimInterval = Timeout.InfiniteTimeSpan });
        pool.Folios.Return(pool.Folios.Rent(new PageOrder(10)));
        var areas = pool.Snapshot().Pages.HugeAreas;
        Assert.That(HugePagePool.Free, Is.EqualTo(free - (areas * AreaPages)));
        pool.Trim(TrimLevel.Idle);
        pool.Trim(TrimLevel.Idle);
        Assert.That(HugePagePool.Free, Is.EqualTo(free - (areas * AreaPages)));
        pool.Dispose();
        Assert.That(HugePagePool.Free, Is.EqualTo(free));
    }

    [Test]
    public void ARefusedReplacementKeepsThePagesAndTheirContentCounts()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem())
        {
            PretendsToHaveHugePages = true,
            FailingOperation = MemoryOperation.ReplaceHuge,
            FailingCall = 1,
        };
        var pages = Create(memory, areas: 1);
        TouchAndFree(pages, pages.Allocate(10));
        Assert.That(pages.TrimIdle() + pages.TrimIdle(), Is.Zero, "not because it lies idle");
        Assert.That(pages.Trim(), Is.Zero, "refused");
        var block = pages.Allocate(10);
        Assert.That(pages.IsKnownZero(block, AreaFrames), Is.False);
        pages.Free(block, 10);
        Assert.That(pages.Trim(), Is.EqualTo((long)AreaFrames * PageOrder.FrameBytes), "and tried again");
        pages.Close();
        pages.RequireConsistent(0);
    }

    [Test]
    public void WhatIsNotWholeHugePagesIsRefusedAndOutOfRangeThrown()
    {
        using var region = VirtualMemory.ForThisSystem().Reserve(16 << 20, 4 << 20);
        Assert.That(region.TryCommitHuge(0, 0), Is.True);
        Assert.That(region.TryCommitHuge(4096, 2 << 20), Is.False);
        Assert.That(region.TryCommitHuge(0, 1 << 20), Is.False);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.TryCommitHuge(0, 32 << 20));
        region.Dispose();
        Assert.Throws<ObjectDisposedException>(() => region.TryCommitHuge(0, 2 << 20));
    }

    // Older kernels don't move them, and so have none for us.
    private static bool Has => OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 16);

    private static PageAllocator Create(IVirtualMemory memory, int areas, long? capacityFrames = null) =>
        PagesUnderTest.Create(areas * AreaFrames, maxOrder: 10, capacityFrames, memory: memory, hugePages: HugePageMode.Explicit);

    private static unsafe void TouchAndFree(PageAllocator pages, FrameNumber block)
    {
        // SAFETY: the block is this test's until it is freed.
        new Span<byte>((void*)pages.Arena.Address(block), AreaFrames * PageOrder.FrameBytes).Fill(1);
        pages.Free(block, 10);
    }
}
