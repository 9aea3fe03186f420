using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>Sets of stacks whose threads exchange items through a depot.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ThreadStackDepotTests
{
    private static readonly DepotPlan s_plan = new(Magazines: 2, MagazineRoom: 4, LargestCapacity: 8);

    private readonly List<uint> _drained = [];

    [Test]
    public void There_is_none_for_one_thread_alone()
    {
        var set = NewSet();
        _ = set.Current;
        Assert.That(set.TryStow([1]), Is.False);
        Assert.That(set.TakeStowed(new uint[4]), Is.Zero);
        using (new OtherThread(() => _ = set.Current))
            Assert.That(set.TryStow([1]), Is.True);
        Assert.That(set.Counts, Is.EqualTo(new ThreadStackCounts(0, 1, 4)));
        Assert.That(set.TakeStowed(new uint[4]), Is.EqualTo(1));
    }

    [Test]
    public void There_is_none_where_none_is_planned()
    {
        var set = new ThreadStackSet(4, Take);
        using (new OtherThread(() => _ = set.Current))
            Assert.That(set.TryStow([1]), Is.False);
        Assert.That(set.Capacity, Is.EqualTo(4));
    }

    [Test]
    public void Draining_and_closing_take_what_is_in_it()
    {
        var set = NewSet();
        _ = set.Current;
        using var other = new OtherThread(() => _ = set.Current);
        set.TryStow([1, 2]);
        set.DrainAll(Take);
        Assert.That(_drained, Is.EqualTo(new uint[] { 1, 2 }));
        set.TryStow([3]);
        set.Close(Take);
        Assert.That(_drained, Is.EqualTo(new uint[] { 1, 2, 3 }));
        Assert.That(set.TryStow([4]), Is.True, "it goes on to the structure");
        Assert.That(_drained, Is.EqualTo(new uint[] { 1, 2, 3, 4 }));
        Assert.That(set.SharedCount, Is.Zero);
    }

    [Test]
    public void A_stack_grows_whose_thread_flushes_and_refills_in_turn()
    {
        var set = new ThreadStackSet(4, Take, largestCapacity: 12);
        var stack = set.Current;
        int[] capacities = [4, 8, 12, 12];
        foreach (var capacity in capacities)
        {
            Assert.That((stack.Capacity, set.Counts.Capacity, set.Capacity), Is.EqualTo((capacity, capacity, 4)));
            for (var turn = 0; turn < 3; turn++)
            {
                Assert.That(turn < 2 && set.TryGrow(stack), Is.False, "not yet");
                stack.Refill([1, 2]);
                stack.TakeOldest(new uint[2]);
            }

            Assert.That(set.TryGrow(stack), Is.EqualTo(capacity < 12));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void It_does_not_where_the_thread_only_gives_or_only_takes(bool gives)
    {
        var set = new ThreadStackSet(4, Take, largestCapacity: 12);
        var stack = set.Current;
        for (var i = 0u; i < 100; i++)
        {
            if (gives && !stack.TryPush(i))
            {
                Assert.That(set.TryGrow(stack), Is.False);
                stack.TakeOldest(new uint[2]);
            }
            else if (!gives && !stack.TryPop(out _))
            {
                Assert.That(set.TryGrow(stack), Is.False);
                stack.Refill([i, i]);
            }
        }

        Assert.That(stack.Capacity, Is.EqualTo(4));
    }

    [Test]
    public void What_lay_in_it_since_the_last_look_is_idle()
    {
        var set = NewSet();
        _ = set.Current;
        using var other = new OtherThread(() => _ = set.Current);
        set.TryStow([1]);
        set.DrainIdle(Take);
        Assert.That(_drained, Is.Empty);
        set.DrainIdle(Take);
        Assert.That(_drained, Is.EqualTo(new uint[] { 1 }));
    }

    [Test]
    public void A_stack_grows_within_its_memory_and_keeps_what_it_has()
    {
        var stack = ThreadStack.Allocate(capacity: 2, room: 4, outboxCapacity: 1);
        Assert.That(stack.TryPush(1) && stack.TryPush(2), Is.True);
        Assert.That(stack.TryPush(3), Is.False);
        Assert.That(stack.TryEnter() && stack.TrySendInside(77), Is.True);
        stack.Leave();
        Assert.That(stack.TryGrow(4), Is.True);
        Assert.That(stack.TryPush(3) && stack.TryPush(4), Is.True);
        Assert.That(stack.TryPush(5), Is.False);
        Assert.That(stack.ItemsForRevoker.ToArray(), Is.EqualTo(new uint[] { 1, 2, 3, 4 }));
        Assert.That(stack.SentForRevoker.ToArray(), Is.EqualTo(new ulong[] { 77 }));
        Assert.Throws<InvariantViolatedException>(() => stack.TryGrow(5));
        stack.Leave();
        stack.AnnounceRevocation();
        Assert.That(stack.TryGrow(4), Is.False, "another thread is emptying it");
        stack.Free();
    }

    // Threads that run into each other at the depot make all stacks grow, in steps, up to what was planned.
    [Test]
    public void Contention_lets_stacks_grow()
    {
        const int Threads = 4;
        var set = NewSet();
        using var start = new Barrier(Threads);
        var grown = 0;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            var stack = set.Current;
            Span<uint> items = stackalloc uint[4];
            start.SignalAndWait();

            // Ends: on any machine threads are stopped between a load and an exchange sooner or later.
            while (set.Capacity < s_plan.LargestCapacity)
            {
                if (set.TryStow([1]))
                    set.TakeStowed(items);
            }

            if (set.TryGrow(stack) && stack.Capacity == s_plan.LargestCapacity && !set.TryGrow(stack))
                Interlocked.Increment(ref grown);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.That(grown, Is.EqualTo(Threads));
    }

    private ThreadStackSet NewSet() => new(4, Take, depot: s_plan);

    private void Take(ReadOnlySpan<uint> items) => _drained.AddRange(items.ToArray());
}
