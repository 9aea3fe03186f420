using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>Objects whose state is in slots.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabFacadePoolTests(int generationBits) : RuntimeFixture(generationBits)
{
    private struct State
    {
        public long Number;
        public long Complement;
    }

    private class Counter : SlabFacade<State>
    {
        public long Number
        {
            get => Value.Number;
            set => Value.Number = value;
        }

        public long Complement
        {
            get => Value.Complement;
            set => Value.Complement = value;
        }
    }

    private sealed class Picky : Counter, IResettable
    {
        public long SeenLast { get; private set; }

        public bool TryReset()
        {
            SeenLast = Number;
            return SeenLast switch
            {
                < 0 => throw new InvalidOperationException("negative"),
                var number => number != 13,
            };
        }
    }

    private SlabFacadePool<Counter, State> Counters(int? retained = null) =>
        Pool.CreateFacadePool<Counter, State>(() => new Counter(), new SlabObjectPoolOptions { Name = "counters", MaximumRetained = retained });

    [Test]
    public void An_object_has_zeros_when_it_is_got_its_own_state_while_it_is_out_and_none_in_the_pool()
    {
        var pool = Counters();
        for (var round = 0; round < 20; round++)
        {
            var (first, second) = (pool.Get(), pool.Get());
            Assert.That((first.Number, second.Number, first.IsOut), Is.EqualTo((0, 0, true)));
            (first.Number, second.Number) = (1, 2);
            Assert.That((first.Number, second.Number), Is.EqualTo((1, 2)));
            Assert.That(pool.Values.Statistics().ActiveObjects, Is.EqualTo(2));
            pool.Return(first);
            Assert.That(second.Number, Is.EqualTo(2));
            pool.Return(second);
            Assert.That(pool.Values.Statistics().ActiveObjects, Is.Zero, "idle objects take no slot");
            Assert.That(first.IsOut, Is.False);
            Assert.That(Assert.Throws<InvalidOperationException>(() => _ = first.Number)!.Message, Does.Contain(nameof(Counter)));
        }

        Assert.That(Assert.Throws<InvalidOperationException>(() => new Counter().Number = 1)!.Message, Does.Contain("comes from none"));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_second_return_and_an_object_of_another_pool_are_refused_and_reported()
    {
        var pool = Counters();
        var another = Counters();
        var (counter, foreign) = (pool.Get(), another.Get());
        foreign.Number = 7;
        pool.Return(counter);
        pool.Return(counter);
        pool.Return(foreign);
        pool.Return(new Counter());
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.DoubleReturn, ViolationKind.ForeignHandle, ViolationKind.ForeignHandle }));
        Assert.That(foreign.Number, Is.EqualTo(7), "it keeps its state");
        another.Return(foreign);
        Assert.That(another.Values.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Objects_beyond_the_most_that_are_kept_give_their_slots_back_too([Values(0, 1)] int retained)
    {
        var pool = Counters(retained);
        var counters = Enumerable.Range(0, 5).Select(_ => pool.Get()).ToArray();
        Assert.That(counters, Is.Unique);
        Array.ForEach(counters, pool.Return);
        Assert.That(pool.Values.Statistics().ActiveObjects, Is.Zero);
        Assert.That(counters.Any(counter => counter.IsOut), Is.False);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_reset_sees_the_state_and_one_that_refuses_or_throws_gives_the_slot_back()
    {
        var pool = Pool.CreateFacadePool<Picky, State>(() => new Picky(), new SlabObjectPoolOptions { MaximumRetained = 1 });
        var picky = pool.Get();
        picky.Number = 5;
        pool.Return(picky);
        Assert.That(picky.SeenLast, Is.EqualTo(5));
        if (GenerationBits == 32)
            Assert.That(pool.Get(), Is.SameAs(picky));
        else
            picky = pool.Get();
        picky.Number = 13;
        pool.Return(picky);
        var next = pool.Get();
        Assert.That(next, Is.Not.SameAs(picky));
        next.Number = -1;
        pool.Return(next);
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.DestructorThrew }));
        Assert.That(pool.Values.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Without_memory_for_the_state_a_get_throws_and_loses_nothing()
    {
        var pool = Counters();
        var hog = Pool.CreateByteCache("hog", 4096);
        var taken = new List<SlabHandle>();
        while (hog.TryRent(out var handle))
            taken.Add(handle);
        Assert.Throws<OutOfMemoryException>(() => pool.Get());
        Assert.That(pool.Statistics().Out, Is.Zero);
        hog.ReturnMany([.. taken]);
        hog.Dispose();
        var counter = pool.Get();
        counter.Number = 1;
        pool.Return(counter);
        Assert.That(pool.Values.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void An_object_that_is_out_when_the_pool_ends_stays_valid_until_its_return()
    {
        var pool = Counters();
        var counter = pool.Get();
        counter.Number = 9;
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Get());
        Assert.That(counter.Number, Is.EqualTo(9));
        pool.Return(counter);
        Assert.That(counter.IsOut, Is.False);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Threads_that_get_and_return_never_share_a_state()
    {
        var pool = Counters(retained: 8);
        TestThreads.Run(4, thread =>
        {
            var held = new Queue<Counter>();
            for (var i = 1; i <= 20_000; i++)
            {
                var counter = pool.Get();
                Assert.That((counter.Number, counter.Complement), Is.EqualTo((0, 0)));
                (counter.Number, counter.Complement) = ((thread * 100_000) + i, ~((thread * 100_000L) + i));
                held.Enqueue(counter);
                if (held.Count <= i % 5)
                    continue;
                var oldest = held.Dequeue();
                Assert.That(oldest.Complement, Is.EqualTo(~oldest.Number));
                Assert.That(oldest.Number / 100_000, Is.EqualTo(thread));
                pool.Return(oldest);
            }

            while (held.TryDequeue(out var rest))
                pool.Return(rest);
        });
        Assert.That(pool.Values.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }
}
