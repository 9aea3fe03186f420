using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Pages;

/// <summary>The audit that other tests rest on finds each kind of damage, and finds nothing once it is undone.</summary>
internal sealed class PageDamageTests() : RuntimeFixture(32)
{
    protected override PoolRuntimeOptions Options => base.Options with { CapacityBytes = 256 << 10, ReservationBytes = 256 << 10, MaxOrder = 4, ThreadPageCapacity = 0 };

    [SetUp]
    public void HaveAllocatedAndFreeBlocks()
    {
        var folios = Enumerable.Range(0, 8).Select(_ => Pool.Folios.Rent(new PageOrder(1))).ToArray();
        for (var i = 0; i < folios.Length; i += 2)
            Pool.Folios.Return(folios[i]);
    }

    [Test]
    public void A_block_that_is_not_where_its_head_says_is_found()
    {
        var free = Heads(FrameState.Free).First(head => Frame(head).Order == 1);
        RequireFound(free, (ref PageFrame frame) => frame.State = FrameState.Tail, "no head where a block must begin");
        RequireFound(free, (ref PageFrame frame) => frame.State = FrameState.Allocated, "allocated, and on a free list");
        RequireFound(free, (ref PageFrame frame) => frame.Order = 30, "larger than any");
        RequireFound(free, (ref PageFrame frame) => frame.Order = 0, "smaller than its list's");
        RequireFound(free, (ref PageFrame frame) => frame.IsClean ^= 1, "on the list of another kind");
        RequireFound(free, (ref PageFrame frame) => frame.UnfitFor = FrameUses.Slab, "on the list of another use");
        RequireFound(free, (ref PageFrame frame) => frame.Previous = free, "linked back to where nobody links to it");
        RequireFound(free + 1, (ref PageFrame frame) => frame.State = FrameState.Free, "a head inside a block");
    }

    [Test]
    public void A_frame_that_threads_keep_or_that_is_retired_is_one_frame()
    {
        var taken = Heads(FrameState.Allocated).First();
        RequireFound(taken, (ref PageFrame frame) => frame.State = FrameState.Cached, "kept, and two frames long");
        RequireFound(taken, (ref PageFrame frame) => frame.State = FrameState.Retired, "retired, and two frames long");
        RequireFound(taken + 1, (ref PageFrame frame) => frame.Head = 0xffff, "inside another block than it says");
    }

    private delegate void Damage(ref PageFrame frame);

    private uint[] Heads(FrameState state) =>
        [.. Enumerable.Range(0, (int)Pool.Pages.Frames.CommittedFrames).Select(number => (uint)number).Where(number => Frame(number).State == state)];

    private ref PageFrame Frame(uint number) => ref Pool.Pages.Frames.Frame(number);

    private void RequireFound(uint number, Damage damage, string what)
    {
        Assert.That(Pool.Pages.IsValid(), Is.True);
        var before = Frame(number);
        damage(ref Frame(number));
        var found = !Pool.Pages.IsValid();
        Frame(number) = before;
        Assert.That(found, Is.True, what);
        Assert.That(Pool.Pages.IsValid(), Is.True, "undone");
    }
}
