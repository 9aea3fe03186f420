using FolioRuntime.Pages;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>Several nodes of memory: near first, then a new area, then the nearest of the others; and everything goes back where it came from. Areas are of 16 frames.</summary>
public class NumaTests
{
    [SetUp, TearDown]
    public void BeginOnTheFirstNode() => FakeTopology.MoveTo(0);

    [Test]
    public void EachNodeGetsAreasOfItsOwnAndTakesFromThem([Values(2, 4)] int nodes)
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem());
        var pages = PagesUnderTest.Create(16 * nodes, memory: memory, topology: new FakeTopology(nodes));
        var blocks = new List<FrameNumber>();
        for (var node = nodes - 1; node >= 0; node--)
        {
            FakeTopology.MoveTo(node);
            blocks.Add(pages.Allocate(3));
            blocks.Add(pages.Allocate(2));
        }

        Assert.That(blocks.Select(block => block.Value / 16), Is.EqualTo(Enumerable.Range(0, 2 * nodes).Select(at => at / 2)), "an area for each in the order of asking");
        Assert.That(memory.Preferences, Is.EqualTo(Enumerable.Range(0, nodes).Select(area => (area * 65536L, 65536L, 2 * (nodes - 1 - area)))));
        RequireSums(pages, nodes, allocated: 12 * nodes);
        Assert.That(pages.Snapshot().Nodes.Select(node => (node.Node % 2, node.CommittedFrames, node.FreeFrames, node.LocalBlocks, node.RemoteBlocks)), Is.All.EqualTo((0, 16L, 4L, 2L, 0L)));
    }

    [Test]
    public void ANodeThatHasNothingTakesFromTheNearest()
    {
        var pages = PagesUnderTest.Create(64, topology: new FakeTopology(4));
        for (var node = 0; node < 4; node++)
        {
            FakeTopology.MoveTo(node);
            pages.Free(pages.Allocate(4), 4);
        }

        // Node 2: its own, then 1 or 3, which are as near, then 0, which is farther.
        FakeTopology.MoveTo(2);
        var order = Enumerable.Range(0, 4).Select(_ => pages.Allocate(4).Value / 16).ToArray();
        Assert.That(order, Is.EqualTo([2u, 1u, 3u, 0u]));
        Assert.That(pages.TryAllocate(0, FrameUses.Folio, out _), Is.False);
        Assert.That(pages.Snapshot().Nodes.Select(node => node.RemoteBlocks), Is.EqualTo([1L, 1L, 0L, 1L]));
        RequireSums(pages, 4, allocated: 64);
    }

    [Test]
    public void WhatIsFreedElsewhereGoesBackToItsNode()
    {
        var pages = PagesUnderTest.Create(32, threadListCapacity: 8, topology: new FakeTopology(2));
        var block = pages.Allocate(3);
        var single = pages.Allocate(0);
        FakeTopology.MoveTo(1);
        pages.Free(pages.Allocate(3), 3);
        var cached = pages.CachedFrames;
        pages.Free(block, 3);
        pages.Free(single, 0);
        Assert.That(pages.CachedFrames, Is.EqualTo(cached), "a list keeps nothing that is far");
        RequireSums(pages, 2, allocated: 0);
        Assert.That(pages.Allocate(4).Value, Is.EqualTo(16u), "near, though the other is free too");
        FakeTopology.MoveTo(0);
        pages.Trim();
        Assert.That(pages.Allocate(4).Value, Is.Zero, "all of it merged again");
    }

    [Test]
    public void TheRestOfAnAreaIsOfItsNodeWhoeverHasItCommitted()
    {
        var pages = PagesUnderTest.Create(64, capacityFrames: 8, topology: new FakeTopology(2));
        var first = pages.Allocate(0, FrameUses.Slab);
        pages.SetAside(first, 1, FrameUses.Slab);
        var again = pages.Allocate(0);
        Assert.That(again, Is.EqualTo(first));
        pages.SetAside(again, 1, FrameUses.Folio);
        Assert.That(pages.RetiredFrames, Is.EqualTo(1), "so one more may be committed");
        FakeTopology.MoveTo(1);
        while (pages.TryAllocate(0, FrameUses.Folio, out _))
        {
        }

        var nodes = pages.Snapshot().Nodes;
        Assert.That(nodes.Select(node => node.CommittedFrames), Is.EqualTo([9L, 0L]));
        RequireSums(pages, 2, allocated: 8);
    }

    [Test]
    public void ARefusedWishChangesNothing()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem()) { FailingOperation = MemoryOperation.PreferNode, FailingCall = 1, FailuresPersist = true };
        var pages = PagesUnderTest.Create(32, memory: memory, topology: new FakeTopology(2));
        pages.Allocate(4);
        FakeTopology.MoveTo(1);
        Assert.That(pages.Allocate(4).Value, Is.EqualTo(16u));
        Assert.That(memory.FailureCount, Is.EqualTo(2));
        RequireSums(pages, 2, allocated: 32);
    }

    [Test]
    public void ManyThreadsOnAllNodesLoseNothing([Values(2, 4)] int nodes)
    {
        var pages = PagesUnderTest.Create(512, threadListCapacity: 8, topology: new FakeTopology(nodes));
        TestThreads.Run(4, thread =>
        {
            var random = new Random(thread);
            var held = new Queue<(FrameNumber Frame, int Order)>();
            for (var i = 0; i < 3000; i++)
            {
                FakeTopology.MoveTo(random.Next(nodes));
                var order = random.Next(4);
                if (pages.TryAllocate(order, FrameUses.Folio, out var frame))
                    held.Enqueue((frame, order));
                if (held.Count > 12)
                    Free(held.Dequeue());
                if (i % 500 == 0)
                    pages.Trim();
            }

            while (held.TryDequeue(out var block))
                Free(block);

            void Free((FrameNumber Frame, int Order) block) => pages.Free(block.Frame, block.Order);
        });
        RequireSums(pages, nodes, allocated: 0);
        pages.Trim();
        Assert.That(pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(pages.CommittedFrames / 16));
    }

    [Test]
    public void ARuntimeHasThemUnlessTheyAreTurnedOff([Values] bool on)
    {
        using var pool = new PoolRuntime(new PoolRuntimeOptions
        {
            CapacityBytes = 16 << 20,
            NodesOfMemory = on,
            Topology = new FakeTopology(2),
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        var cache = pool.CreateByteCache("objects", 100);
        cache.Return(cache.Rent());
        FakeTopology.MoveTo(1);
        pool.Folios.Return(pool.Folios.Rent(new PageOrder(3)));
        Assert.That(pool.Snapshot().Pages.Nodes.Select(node => node.CommittedFrames), Is.EqualTo(Enumerable.Repeat(1024L, on ? 2 : 1)));
    }

    [Test]
    public void OneNodeHasEverything()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem());
        var pages = PagesUnderTest.Create(64, memory: memory);
        FakeTopology.MoveTo(1);
        pages.Allocate(4);
        RequireSums(pages, 1, allocated: 16);
        Assert.That(memory.Preferences, Is.Empty, "and the system isn't asked");
    }

    /// <summary>L8, over all nodes.</summary>
    private static void RequireSums(PageAllocator pages, int nodes, long allocated)
    {
        pages.RequireConsistent(allocated);
        var now = pages.Snapshot();
        Assert.That(now.Nodes, Has.Count.EqualTo(nodes));
        Assert.That(now.Nodes.Sum(node => node.CommittedFrames), Is.EqualTo(now.CommittedFrames));
        Assert.That(now.Nodes.Sum(node => node.FreeFrames), Is.EqualTo(now.FreeFrames - now.CachedFrames));
    }
}
