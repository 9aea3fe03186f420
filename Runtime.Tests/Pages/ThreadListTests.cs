using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>The lists of single frames that threads keep: bounded, and never the reason for a lost or a twice used frame.</summary>
public class ThreadListTests
{
    [Test]
    public void AThreadKeepsNoMoreThanItsCapacity_AndTakesNoMoreThanABatch()
    {
        var pages = PagesUnderTest.Create(frames: 64, threadListCapacity: 8, batch: 4);
        var held = Enumerable.Range(0, 32).Select(_ =>
        {
            var frame = pages.Allocate(0);
            Assert.That(pages.CachedFrames, Is.LessThan(4), "one batch, less the frame asked for");
            return frame;
        }).ToList();
        foreach (var frame in held)
        {
            pages.Free(frame, 0);
            Assert.That(pages.CachedFrames, Is.LessThanOrEqualTo(8));
        }

        pages.RequireConsistent(0);
    }

    [Test]
    public void WhatOthersKeepIsTakenBeforeAnAllocationFails()
    {
        var pages = PagesUnderTest.Create(frames: 16, threadListCapacity: 16, batch: 8);
        using var other = new OtherThread(() =>
        {
            foreach (var frame in Enumerable.Range(0, 16).Select(_ => pages.Allocate(0)).ToList())
                pages.Free(frame, 0);
        });
        Assert.That(pages.CachedFrames, Is.GreaterThan(0), "the other thread, which lives, keeps some");
        Assert.That(pages.Allocate(4), Is.EqualTo(new FrameNumber(0)), "all sixteen coalesced");
        pages.RequireConsistent(16);
    }

    [Test]
    public void TrimEmptiesEveryThreadsList()
    {
        var pages = PagesUnderTest.Create(frames: 64, threadListCapacity: 16, batch: 8);
        using var other = new OtherThread(() => pages.Free(pages.Allocate(0), 0));
        pages.Free(pages.Allocate(0), 0);
        Assert.That(pages.CachedFrames, Is.EqualTo(16));
        pages.Trim();
        Assert.That(pages.CachedFrames, Is.Zero);
        pages.RequireConsistent(0);
        pages.Free(pages.Allocate(0), 0);
        Assert.That(pages.CachedFrames, Is.EqualTo(8), "and they fill again");
    }

    [Test]
    public void Hazard22_Hazard32_AThousandThreadsEndWithFullLists_AndEveryFrameComesBack()
    {
        var pages = PagesUnderTest.Create(frames: 4096, maxOrder: 6, threadListCapacity: 8, batch: 4);
        for (var round = 0; round < 50; round++)
        {
            TestThreads.Run(20, _ =>
            {
                foreach (var frame in Enumerable.Range(0, 8).Select(_ => pages.Allocate(0)).ToList())
                    pages.Free(frame, 0);
            });
        }

        pages.RequireConsistent(0);
        pages.Trim();
        Assert.That(pages.CachedFrames, Is.Zero);
        var blocks = Enumerable.Range(0, 64).Select(_ => pages.Allocate(6)).ToList();
        Assert.That(blocks.Distinct().Count(), Is.EqualTo(64), "all 4096 frames are there, in one piece");
    }

    [Test]
    public void Hazard25_AThreadThatOnlyFreesHoardsNothing()
    {
        var pages = PagesUnderTest.Create(frames: 512, maxOrder: 4, threadListCapacity: 8, batch: 4);
        for (var round = 0; round < 20; round++)
        {
            var held = Enumerable.Range(0, 400).Select(_ => pages.Allocate(0)).ToList();
            using var freer = new OtherThread(() => held.ForEach(frame => pages.Free(frame, 0)));
            pages.RequireConsistent(0);
        }

        Assert.That(pages.CommittedFrames, Is.LessThanOrEqualTo(512));
    }

    [Test]
    public void ThreadsNeverShareAFrame_AndNothingIsLost()
    {
        const int Threads = 4;
        var pages = PagesUnderTest.Create(frames: 256, maxOrder: 4, threadListCapacity: 8, batch: 4);
        var owners = new int[256];
        TestThreads.Run(Threads, thread =>
        {
            var random = new Random(thread);
            var held = new List<(FrameNumber Frame, int Order)>();
            for (var i = 0; i < 20_000; i++)
            {
                var order = random.Next(3) == 0 ? random.Next(0, 4) : 0;
                if (held.Count < 20 && random.Next(2) == 0 && pages.TryAllocate(order, FrameUses.Folio, out var frame))
                {
                    Claim(frame, order, 0, thread + 1);
                    held.Add((frame, order));
                }
                else if (held.Count != 0)
                {
                    var which = random.Next(held.Count);
                    Claim(held[which].Frame, held[which].Order, thread + 1, 0);
                    pages.Free(held[which].Frame, held[which].Order);
                    held.RemoveAt(which);
                }

                if (random.Next(2000) == 0)
                    pages.Trim();
            }

            foreach (var (frame, order) in held)
            {
                Claim(frame, order, thread + 1, 0);
                pages.Free(frame, order);
            }
        });
        pages.RequireConsistent(0);
        pages.Trim();
        Assert.That(pages.Snapshot().FreeBlocksByOrder[4], Is.EqualTo(pages.CommittedFrames / 16));

        void Claim(FrameNumber frame, int order, int from, int to)
        {
            for (var number = frame.Value; number < frame.Value + (1u << order); number++)
                Assert.That(Interlocked.CompareExchange(ref owners[number], to, from), Is.EqualTo(from), $"frame {number}");
        }
    }

    [Test]
    public void Hazard33_ClosingAgainstAllocationsAndFreesLosesNothing()
    {
        for (var round = 0; round < 100; round++)
        {
            var pages = PagesUnderTest.Create(frames: 64, threadListCapacity: 8, batch: 4);
            TestThreads.Run(3, thread =>
            {
                for (var i = 0; i < 50; i++)
                {
                    if (pages.TryAllocate(0, FrameUses.Folio, out var frame))
                        pages.Free(frame, 0);
                    if (thread == 0 && i == 25)
                        pages.Close();
                }
            });
            pages.RequireConsistent(0);
            Assert.That(pages.CachedFrames, Is.Zero, "nothing is left in a list that nobody drains any more");
        }
    }
}
