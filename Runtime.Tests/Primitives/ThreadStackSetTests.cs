using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ThreadStackSetTests
{
    private readonly List<uint> _givenBack = [];

    [Test]
    public void A_thread_pops_what_it_pushed_last()
    {
        var set = NewSet(capacity: 2);
        var stack = set.Current;

        Assert.That(stack.TryPush(1) && stack.TryPush(2), Is.True);
        Assert.That(stack.TryPush(3), Is.False, "full");
        Assert.That(stack.TryPop(out var item) ? item : 0, Is.EqualTo(2));
        Assert.That(set.CachedCount, Is.EqualTo(1));
    }

    [Test]
    public void A_stack_without_capacity_is_always_empty_and_always_full()
    {
        var set = NewSet(capacity: 0);
        var stack = set.Current;

        Assert.That(stack.TryPush(1), Is.False);
        Assert.That(stack.TryPop(out _), Is.False);
        GC.KeepAlive(set);
    }

    [Test]
    public void Flushing_takes_the_oldest()
    {
        var set = NewSet(capacity: 4);
        var stack = set.Current;
        foreach (var item in new uint[] { 1, 2, 3, 4 })
            stack.TryPush(item);

        var taken = new uint[2];
        Assert.That(stack.TakeOldest(taken), Is.EqualTo(2));
        Assert.That(taken, Is.EqualTo(new uint[] { 1, 2 }));
        Assert.That(stack.TryPop(out var last) ? last : 0, Is.EqualTo(4));
        Assert.That(stack.Refill([7, 8, 9, 10]), Is.EqualTo(3), "as many as fit");
        GC.KeepAlive(set);
    }

    [Test]
    public void Draining_empties_every_thread_and_lets_the_owners_in_again()
    {
        var set = NewSet(capacity: 4);
        set.Current.TryPush(1);
        using var other = new OtherThread(() => set.Current.TryPush(2));

        var drained = new List<uint>();
        set.DrainAll(items => drained.AddRange(items.ToArray()));

        Assert.That(drained, Is.EquivalentTo(new uint[] { 1, 2 }));
        Assert.That(set.CachedCount, Is.Zero);
        Assert.That(set.Current.TryPush(3), Is.True);
    }

    [Test]
    public void Hazard28_a_sink_that_throws_leaves_no_owner_shut_out_and_loses_no_item()
    {
        var set = NewSet(capacity: 4);
        set.Current.TryPush(1);

        Assert.Throws<InvalidTimeZoneException>(() => set.DrainAll(_ => throw new InvalidTimeZoneException()));

        Assert.That(set.Current.TryPop(out var item) ? item : 0, Is.EqualTo(1));
        Assert.DoesNotThrow(() => set.DrainAll(_ => { }), "the set's latch is free");
    }

    [Test]
    public void Closing_empties_and_shuts_also_for_threads_that_come_later()
    {
        var set = NewSet(capacity: 4);
        set.Current.TryPush(1);
        var drained = new List<uint>();

        set.Close(items => drained.AddRange(items.ToArray()));

        Assert.That(drained, Is.EqualTo(new uint[] { 1 }));
        Assert.That(set.Current.TryPush(2), Is.False);
        var later = true;
        using (new OtherThread(() => later = set.Current.TryPush(3)))
            Assert.That(later, Is.False);
    }

    [Test]
    public void Hazard22_items_of_threads_that_ended_are_given_back_and_only_theirs()
    {
        var set = NewSet(capacity: 4);
        set.Current.TryPush(1);
        new OtherThread(() => set.Current.TryPush(2)).Dispose();

        set.DrainEnded();

        Assert.That(_givenBack, Is.EqualTo(new uint[] { 2 }));
        Assert.That(set.CachedCount, Is.EqualTo(1));
    }

    [Test]
    public void Only_stacks_that_lay_still_since_the_last_look_are_emptied_as_idle()
    {
        var set = NewSet(capacity: 4);
        var drained = new List<uint>();
        set.Current.TryPush(1);
        using var other = new OtherThread(() => set.Current.TryPush(2));
        set.DrainIdle(Take);
        Assert.That(drained, Is.Empty, "the first look has nothing to compare with");
        set.Current.TryPush(3);
        set.DrainIdle(Take);
        Assert.That(drained, Is.EqualTo(new uint[] { 2 }));
        set.Current.TryPop(out _);
        set.Current.Refill([4]);
        set.DrainIdle(Take);
        Assert.That(drained, Is.EqualTo(new uint[] { 2 }), "as many as before, but it was refilled");
        set.Current.TakeOldest(new uint[1]);
        set.Current.TryPush(5);
        set.DrainIdle(Take);
        Assert.That(drained, Is.EqualTo(new uint[] { 2 }), "as many as before, but it was flushed");
        set.Current.TryPop(out var popped);
        set.Current.TryPush(popped);
        set.DrainIdle(Take);
        Assert.That(drained, Is.EqualTo(new uint[] { 2 }), "as many as before, but one was popped");
        set.DrainIdle(Take);
        Assert.That(drained, Is.EqualTo(new uint[] { 2, 4, 5 }));
        Assert.That(set.Current.TryPush(6), Is.True, "the owner is let in again");
        set.Close(Take);
        set.DrainIdle(Take);
        set.DrainIdle(Take);
        Assert.That(drained, Is.EqualTo(new uint[] { 2, 4, 5, 6 }));
        Assert.That(set.Current.TryPush(7), Is.False, "what is closed stays so");

        void Take(ReadOnlySpan<uint> items) => drained.AddRange(items.ToArray());
    }

    [Test]
    public void Hazard32_a_thousand_threads_leave_a_bounded_number_of_stacks_behind()
    {
        var set = NewSet(capacity: 1);
        for (var i = 0u; i < 1000; i++)
        {
            var item = i;
            new OtherThread(() => set.Current.TryPush(item)).Dispose();
        }

        Assert.That(set.CachedCount, Is.LessThanOrEqualTo(17), "the rest were given back while others registered");
        set.DrainEnded();
        Assert.That(_givenBack, Is.EquivalentTo(Enumerable.Range(0, 1000).Select(i => (uint)i)));
    }

    [Test]
    public void Many_sets_on_one_thread_are_told_apart_also_when_slots_are_reused()
    {
        for (var round = 0; round < 3; round++)
        {
            var sets = Enumerable.Range(0, 40).Select(_ => NewSet(capacity: 1)).ToArray();
            for (var i = 0u; i < sets.Length; i++)
                Assert.That(sets[i].Current.TryPush(i), Is.True);

            // Every other keeps its item, which no later set may find.
            for (var i = 0u; i < sets.Length; i += 2)
                Assert.That(sets[i].Current.TryPop(out var item) ? item : 99, Is.EqualTo(i));
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Test]
    public void Draining_against_running_owners_neither_loses_nor_doubles_an_item()
    {
        const int Items = 64;
        const int Threads = 3;
        const int Rounds = 20_000;
        var set = NewSet(capacity: 8);
        var depot = new Stack<uint>(Enumerable.Range(0, Items).Select(i => (uint)i));
        void Give(ReadOnlySpan<uint> items)
        {
            lock (depot)
            {
                foreach (var item in items)
                    depot.Push(item);
            }
        }

        var owner = new int[Items];
        var doubles = 0;
        using (var done = new CountdownEvent(Threads))
        {
            var threads = Enumerable.Range(0, Threads).Select(_ => new OtherThread(
                () =>
                {
                    for (var i = 0; i < Rounds; i++)
                    {
                        var stack = set.Current;
                        if (!stack.TryPop(out var item))
                        {
                            lock (depot)
                            {
                                if (!depot.TryPop(out item))
                                    continue;
                            }
                        }

                        if (Interlocked.Exchange(ref owner[item], 1) != 0)
                            Interlocked.Increment(ref doubles);
                        Interlocked.Exchange(ref owner[item], 0);
                        if (!stack.TryPush(item))
                            Give([item]);
                    }

                    done.Signal();
                },
                join: false)).ToArray();
            while (!done.IsSet)
                set.DrainAll(Give);
            foreach (var thread in threads)
                thread.Dispose();
        }

        set.Close(Give);
        Assert.That(doubles, Is.Zero);
        Assert.That(depot.Order(), Is.EqualTo(Enumerable.Range(0, Items).Select(i => (uint)i)));
    }

    [Test]
    public void Balances_of_all_threads_are_collected_once_also_of_those_that_ended()
    {
        var sum = 0L;
        var set = NewSet(Collect);
        Assert.That(set.Current.TryAdd(5), Is.True);
        using var other = new OtherThread(() => set.Current.TryAdd(-2));
        new OtherThread(() => set.Current.TryAdd(10)).Dispose();

        set.DrainEnded();
        Assert.That(sum, Is.EqualTo(10));
        set.DrainAll(static _ => { });
        Assert.That(sum, Is.EqualTo(13));
        set.DrainAll(static _ => { });
        Assert.That(sum, Is.EqualTo(13), "each once");
        Assert.That(set.StackCount, Is.EqualTo(2));

        void Collect(ThreadStack stack, ulong nextOwnerId)
        {
            Assert.That(nextOwnerId, Is.Zero, "owners have no numbers");
            sum += stack.TakeBalance();
            stack.TakenOverByRevoker(nextOwnerId);
        }
    }

    [Test]
    public void A_closed_set_that_is_opened_again_lets_everybody_in_also_who_gets_a_stack_left_shut()
    {
        var set = NewSet(static (stack, next) => stack.TakenOverByRevoker(next));
        Assert.That(set.Current.TryAdd(1), Is.True);
        var ending = new OtherThread(() => set.Current.TryAdd(1));
        set.Close(static _ => { });
        Assert.That(set.Current.TryAdd(1), Is.False);
        using (new OtherThread(() => Assert.That(set.Current.TryAdd(1), Is.False, "who comes while it is closed")))
        {
            ending.Dispose();
            set.DrainEnded();
            set.Reopen();
        }

        Assert.That(set.Current.TryAdd(1), Is.True);
        using var next = new OtherThread(() => Assert.That(set.Current.TryAdd(1), Is.True, "who gets the stack of one that ended meanwhile"));
        Assert.That(set.StackCount, Is.EqualTo(2));
    }

    private static ThreadStackSet NewSet(ThreadStackTakeover takeover) => new(0, static _ => { }, takeover: takeover, numbersOwners: false);

    private ThreadStackSet NewSet(int capacity) => new(capacity, items => _givenBack.AddRange(items.ToArray()));
}
