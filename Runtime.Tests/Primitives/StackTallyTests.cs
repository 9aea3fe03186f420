using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

public sealed class StackTallyTests
{
    private static readonly ulong s_full = StackTally.MostItems;

    [Test]
    public void A_push_and_a_pop_leave_the_count_and_one_more_pop()
    {
        var bits = 0ul;
        bits += StackTally.Push;
        Assert.That((new StackTally(bits).Count, new StackTally(bits).PopsSince(default)), Is.EqualTo((1, 0L)));
        bits += StackTally.Pop;
        Assert.That((new StackTally(bits).Count, new StackTally(bits).PopsSince(default)), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void The_fullest_stack_and_its_pops_stay_apart()
    {
        var bits = s_full;
        Assert.That(new StackTally(bits).Count, Is.EqualTo(65_535));
        bits += StackTally.Pop * s_full;
        Assert.That((new StackTally(bits).Count, new StackTally(bits).PopsSince(default)), Is.EqualTo((0, 65_535L)));
    }

    [Test]
    public void Pops_that_start_again_are_still_counted_from_look_to_look()
    {
        var before = new StackTally(ulong.MaxValue - s_full + 5);
        Assert.That(before.Count, Is.EqualTo(5), "and as many pops as there can be");
        var after = new StackTally(unchecked(before.Bits + (StackTally.Pop * 3)));
        Assert.That((after.Count, after.PopsSince(before)), Is.EqualTo((2, 3L)));
    }

    [Test]
    public void A_stack_that_could_not_be_counted_is_refused() =>
        Assert.Throws<InvariantViolatedException>(() => ThreadStack.Allocate(1, StackTally.MostItems + 1, 0));
}
