using CsCheck;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>Random sequences against <see cref="NaiveBuddy"/>: same successes, no overlap, complete coalescing, and every audit after every step.</summary>
public class BuddyPropertyTests
{
    private const int Frames = 76;
    private const int MaxOrder = 4;

    // 64 whole and 12 clipped frames; 70 leaves the capacity inside an area, too.
    private static readonly Gen<int> s_capacity = Gen.OneOf(Frames, 70, 64, 5);

    private enum Step
    {
        Allocate,
        AllocateExact,
        Free,
        Trim,
        SetAside,
    }

    [Test]
    public void AllocatesExactlyWhatTheOracleHas_AndCoalescesCompletely() =>
        Gen.Select(s_capacity, Steps(Step.Trim)).Sample((capacity, steps) => Run(capacity, steps), iter: 400, writeLine: TestContext.Out.WriteLine);

    [Test]
    public void WithSpentGenerations_AllocatesExactlyWhatTheOracleHas() =>
        Gen.Select(s_capacity, Steps(Step.SetAside)).Sample((_, steps) => Run(Frames, steps), iter: 400, writeLine: TestContext.Out.WriteLine);

    private static Gen<(Step Kind, int Size, int Which, FrameUses Use)[]> Steps(Step last) =>
        Gen.Select(Gen.Int[0, (int)last].Select(kind => (Step)kind), Gen.Int[1, 1 << MaxOrder], Gen.Int[0, 1000], Gen.OneOf(FrameUses.Folio, FrameUses.Slab))
            .Array[1, 120];

    private static bool Run(int capacity, (Step Kind, int Size, int Which, FrameUses Use)[] steps)
    {
        var pages = PagesUnderTest.Create(Frames, MaxOrder, capacity);
        var oracle = new NaiveBuddy(capacity);
        var held = new List<(FrameNumber Frame, int Count)>();
        foreach (var (kind, size, which, use) in steps)
        {
            if (kind is Step.Allocate or Step.AllocateExact)
                Allocate(pages, oracle, held, kind == Step.AllocateExact, size, use);
            else if (kind == Step.Trim)
                pages.Trim();
            else if (held.Count != 0)
                Free(pages, oracle, held, which % held.Count, kind == Step.SetAside ? use : FrameUses.None);
            Compare(pages, oracle);
        }

        while (held.Count != 0)
            Free(pages, oracle, held, held.Count - 1, FrameUses.None);
        Compare(pages, oracle);
        return true;
    }

    private static void Allocate(PageAllocator pages, NaiveBuddy oracle, List<(FrameNumber Frame, int Count)> held, bool exact, int size, FrameUses use)
    {
        var order = PageOrder.ForBytes((long)size << PageOrder.FrameShift).Value;
        var count = exact ? size : 1 << order;
        var had = oracle.Has(order, use);
        var got = exact ? pages.TryAllocateExact(count, use, out var frame) : pages.TryAllocate(order, use, out frame);
        Assert.That(got, Is.EqualTo(had), $"order {order} for {use}");
        if (!got)
            return;
        Assert.Multiple(() =>
        {
            Assert.That(frame.Value % (1u << order), Is.Zero, "alignment");
            Assert.That(oracle.IsFree((int)frame.Value, count), Is.True, "no overlap");
            Assert.That(oracle.Fits((int)frame.Value, use), Is.True, "not worn for this use");
            Assert.That(pages.Frames.Frame(frame.Value).State, Is.EqualTo(FrameState.Allocated));
            Assert.That(pages.Frames.Frame(frame.Value).Order, Is.EqualTo(order));
            Assert.That(Enumerable.Range(0, count).All(i => pages.Frames.Frame((frame + i).Value).Head == frame.Value), Is.True, "heads");
        });
        oracle.Take((int)frame.Value, count);
        held.Add((frame, count));
    }

    private static void Free(PageAllocator pages, NaiveBuddy oracle, List<(FrameNumber Frame, int Count)> held, int which, FrameUses unfit)
    {
        var (frame, count) = held[which];
        held.RemoveAt(which);
        oracle.Free((int)frame.Value, count, unfit);
        int order = pages.Frames.Frame(frame.Value).Order;
        if (unfit != FrameUses.None)
            pages.SetAside(frame, count, unfit);
        else if (count == 1 << order)
            pages.Free(frame, order);
        else
            pages.FreeExact(frame, count);
    }

    private static void Compare(PageAllocator pages, NaiveBuddy oracle)
    {
        pages.RequireConsistent(oracle.Taken);
        var now = pages.Snapshot();
        Assert.That(now.RetiredFrames, Is.EqualTo(oracle.Retired));
        Assert.That(now.FreeBlocksByOrder, Is.EqualTo(oracle.FreeBlocks(MaxOrder, (int)now.CommittedFrames)));
    }
}
