using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Primitives;

/// <summary>What was popped and pushed is known exactly when every thread is quiet, whatever became of stacks and threads, and never falls.</summary>
public sealed class ThreadStackTotalsTests
{
    [Test]
    public void Only_pops_and_pushes_count_also_several_at_once()
    {
        var set = new ThreadStackSet(capacity: 8, static _ => { });
        var stack = set.Current;
        stack.Refill([1, 2, 3, 4, 5, 6]);
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(0, 0)), "a refill is no push");
        stack.TryPop(out _);
        Assert.That(stack.TryEnter(), Is.True);
        Assert.That(stack.PopManyInside(3).ToArray(), Is.EqualTo(new uint[] { 3, 4, 5 }));
        stack.PushInside(stack.CountInside, 7);
        stack.Leave();
        Assert.That(stack.TryPush(8), Is.True);
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(4, 2)));
        Assert.That(stack.TakeOldest(new uint[2]), Is.EqualTo(2));
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(4, 2)), "a flush is no pop");
        set.DrainAll(static _ => { });
        Assert.That((set.Totals, set.CachedCount), Is.EqualTo((new ThreadStackTotals(4, 2), 0L)), "nor is a drain");
        Assert.That(stack.TryPush(9) && stack.TryPush(9), Is.True);
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(4, 4)));
        GC.KeepAlive(set);
    }

    [Test]
    public void What_is_refused_counts_nothing()
    {
        var set = new ThreadStackSet(capacity: 1, static _ => { });
        var stack = set.Current;
        Assert.That(stack.TryPop(out _), Is.False);
        stack.TryPush(1);
        Assert.That(stack.TryPush(2), Is.False);
        set.Close(static _ => { });
        Assert.That(stack.TryPush(3), Is.False);
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(0, 1)), "and a closed set keeps what it counted");
        GC.KeepAlive(set);
    }

    [Test]
    public void Threads_that_ended_leave_their_totals_also_when_their_stacks_are_used_again_or_freed()
    {
        const int Threads = 50;
        var set = new ThreadStackSet(capacity: 4, static _ => { });
        for (var round = 0; round < 2; round++)
        {
            var threads = Enumerable.Range(0, Threads).Select(number => new OtherThread(() =>
            {
                set.Current.TryPush((uint)number);
                set.Current.TryPush(2);
                set.Current.TryPop(out uint _);
            })).ToList();
            threads.ForEach(thread => thread.Dispose());
            set.DrainEnded();
            Assert.That((set.StackCount, set.Totals), Is.EqualTo((0L, new ThreadStackTotals((round + 1) * Threads, (round + 1) * 2 * Threads))));
        }
    }

    [Test]
    public void Totals_never_fall_while_threads_work_and_others_drain_and_are_exact_afterwards()
    {
        const int Threads = 3;
        const int Rounds = 200_000;
        var set = new ThreadStackSet(capacity: 8, static _ => { });
        var (pops, pushes) = (0L, 0L);
        using var done = new CountdownEvent(Threads);
        var threads = Enumerable.Range(0, Threads).Select(number => new OtherThread(
            () =>
            {
                var (popped, pushed) = (0L, 0L);
                Span<uint> batch = stackalloc uint[4];
                for (var i = 0; i < Rounds; i++)
                {
                    var stack = set.Current;
                    if (i % 7 == number)
                        stack.Refill(batch);
                    if (i % 11 == number)
                        stack.TakeOldest(batch);
                    popped += stack.TryPop(out _) ? 1 : 0;
                    pushed += i % 3 != 0 && stack.TryPush(1) ? 1 : 0;
                }

                Interlocked.Add(ref pops, popped);
                Interlocked.Add(ref pushes, pushed);
                done.Signal();
            },
            join: false)).ToList();
        var before = default(ThreadStackTotals);
        for (var look = 0; !done.IsSet; look++)
        {
            if (look % 4 == 0)
                set.DrainAll(static _ => { });
            if (look % 4 == 2)
                set.DrainIdle(static _ => { });
            var now = set.Totals;
            Assert.That((now.Pops >= before.Pops, now.Pushes >= before.Pushes), Is.EqualTo((true, true)));
            before = now;
        }

        threads.ForEach(thread => thread.Dispose());
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(pops, pushes)));
        Assert.That(before.Pushes, Is.LessThanOrEqualTo(pushes), "and were never too high");
    }

    [Test]
    public void Hazard37_stacks_that_grow_while_others_empty_them_lose_no_item_and_no_count()
    {
        const int Threads = 3;
        const int Largest = 32;
        const int Turns = 5_000;
        var gone = 0L;
        ThreadStackSink drop = items => Interlocked.Add(ref gone, items.Length);
        var set = new ThreadStackSet(capacity: 1, drop, depot: new DepotPlan(Magazines: 4, MagazineRoom: 4, LargestCapacity: Largest / 2), largestCapacity: Largest);
        var (pops, pushes, refilled) = (0L, 0L, 0L);
        using var done = new CountdownEvent(Threads);
        var threads = Enumerable.Range(0, Threads).Select(_ => new OtherThread(
            () =>
            {
                // Taken in turn with a flush, a refill tells a stack that it is too small.
                Span<uint> batch = stackalloc uint[4];
                var stack = set.Current;
                for (var turn = 0; turn < Turns; turn++)
                {
                    set.TryGrow(stack);
                    batch.Fill(1);
                    Interlocked.Add(ref refilled, stack.Refill(batch));
                    Interlocked.Add(ref pops, stack.TryPop(out uint _) ? 1 : 0);
                    Interlocked.Add(ref pushes, stack.TryPush(1) ? 1 : 0);
                    var taken = stack.TakeOldest(batch);
                    if (taken > 0 && !set.TryStow(batch[..taken]))
                        drop(batch[..taken]);
                }

                done.Signal();
            },
            join: false)).ToList();
        while (!done.IsSet)
            set.DrainAll(drop);

        threads.ForEach(thread => thread.Dispose());
        Assert.That(set.Counts.Capacity, Is.GreaterThan(1), "stacks grew");
        Assert.That(set.Totals, Is.EqualTo(new ThreadStackTotals(pops, pushes)));
        set.DrainAll(drop);
        set.DrainEnded();
        Assert.That(gone, Is.EqualTo(refilled + pushes - pops));
    }
}
