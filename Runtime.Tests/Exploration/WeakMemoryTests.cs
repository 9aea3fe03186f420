extern alias instrumented;

using FolioRuntime.Exploration.Engine;
using instrumented::FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Exploration;

/// <summary>
/// The litmus tests by which memory models are told apart: what each memory of the explorer must show, and what it must not. Names are the usual ones;
/// outcomes are what the readers saw.
/// </summary>
[TestFixture]
[Category("Exploration")]
[NonParallelizable]
public sealed class WeakMemoryTests
{
    private const int X = 0;
    private const int Y = 1;

    [Test]
    public void Store_buffering_shows_under_weak_memory_and_never_sequentially()
    {
        Assert.That(See(MemoryKind.Sequential, StoreBuffering(null)), Does.Not.Contain("0 0"));
        Assert.That(See(MemoryKind.Weak, StoreBuffering(null)), Does.Contain("0 0"));
    }

    [Test]
    public void Store_buffering_is_forbidden_by_an_interlocked_operation_or_a_process_wide_barrier()
    {
        Assert.That(See(MemoryKind.Weak, StoreBuffering(static words => words.Add(2, 1))), Does.Not.Contain("0 0"));
        Assert.That(See(MemoryKind.Weak, StoreBuffering(static _ => Atomics.ProcessWideBarrier())), Does.Not.Contain("0 0"));
    }

    [Test]
    public void One_process_wide_barrier_between_one_threads_store_and_load_does_for_both()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () =>
            {
                words.Store(X, 1);
                values[0] = words.Load(Y);
            },
            () =>
            {
                words.Store(Y, 1);
                Atomics.ProcessWideBarrier();
                values[1] = words.Load(X);
            },
        ]);
        Assert.That(seen, Does.Not.Contain("0 0"));
        Assert.That(seen, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_fence_that_only_one_of_them_has_is_not_enough()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () =>
            {
                words.Store(X, 1);
                values[0] = words.Load(Y);
            },
            () =>
            {
                words.Store(Y, 1);
                words.Add(2, 1);
                values[1] = words.Load(X);
            },
        ]);
        Assert.That(seen, Does.Contain("0 0"));
    }

    [Test]
    public void Message_passing_holds_with_release_and_acquire_whatever_the_message_is_stored_by()
    {
        Assert.That(See(MemoryKind.Weak, MessagePassing(relaxedFlag: false)), Does.Not.Contain("1 0"));
        Assert.That(See(MemoryKind.Weak, MessagePassing(relaxedFlag: true)), Does.Contain("1 0"));
        Assert.That(See(MemoryKind.Sequential, MessagePassing(relaxedFlag: true)), Does.Not.Contain("1 0"));
    }

    [TestCase(true, true, false)]
    [TestCase(true, false, true)]
    [TestCase(false, true, true)]
    public void Relaxed_message_passing_holds_with_both_barriers_and_only_then(bool writeBarrier, bool readBarrier, bool shows)
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () =>
            {
                Content.Write(ref words[X], 1);
                if (writeBarrier)
                    Atomics.WriteBarrier();
                Content.Write(ref words[Y], 1);
            },
            () =>
            {
                values[0] = Content.Read(ref words[Y]);
                if (readBarrier)
                    Atomics.ReadBarrier();
                values[1] = Content.Read(ref words[X]);
            },
        ]);
        Assert.That(seen.Contains("1 0"), Is.EqualTo(shows));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_stored_reference_is_delayed_like_a_word_unless_a_fence_follows(bool isFenced)
    {
        var seen = See(MemoryKind.Weak, (words, values) =>
        {
            var (first, second) = (new object(), new object());
            var shared = first;
            return
            [
                () =>
                {
                    Atomics.StoreRelease(ref shared, second);
                    if (isFenced)
                        words.Add(2, 1);
                    values[0] = words.Load(Y);
                },
                () =>
                {
                    words.Store(Y, 1);
                    if (isFenced)
                        words.Add(2, 1);
                    values[1] = Atomics.LoadAcquire(ref shared) == second ? 1ul : 0;
                },
            ];
        });
        Assert.That(seen.Contains("0 0"), Is.Not.EqualTo(isFenced));
    }

    [Test]
    public void Whoever_sees_a_reference_sees_what_came_before_it()
    {
        var seen = See(MemoryKind.Weak, (words, values) =>
        {
            object? shared = null;
            return
            [
                () =>
                {
                    Content.Write(ref words[X], 1);
                    Atomics.StoreRelease(ref shared, new object());
                },
                () =>
                {
                    values[0] = Atomics.LoadAcquire(ref shared) is null ? 0 : 1ul;
                    values[1] = Content.Read(ref words[X]);
                },
            ];
        });
        Assert.That(seen, Is.EquivalentTo((string[])["0 0", "0 1", "1 1"]));
    }

    [Test]
    public void One_word_never_goes_back()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () =>
            {
                Content.Write(ref words[X], 1);
                Content.Write(ref words[X], 2);
            },
            () =>
            {
                values[0] = Content.Read(ref words[X]);
                values[1] = Content.Read(ref words[X]);
            },
        ]);
        Assert.That(seen, Is.EquivalentTo((string[])["0 0", "0 1", "0 2", "1 1", "1 2", "2 2"]));
    }

    [Test]
    public void A_threads_own_stores_are_never_hidden_from_it()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () =>
            {
                Content.Write(ref words[X], 1);
                values[0] = Content.Read(ref words[X]);
            },
            () => values[1] = words.Load(X),
        ]);
        Assert.That(seen, Is.EquivalentTo((string[])["1 0", "1 1"]));
    }

    [Test]
    public void Interlocked_operations_lose_nothing()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () => values[0] = words.Add(X, 1),
            () => values[1] = words.Add(X, 1),
        ]);
        Assert.That(seen, Is.EquivalentTo((string[])["1 2", "2 1"]));
    }

    [Test]
    public void A_message_travels_through_a_third_thread()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () => words.Store(X, 1),
            () =>
            {
                if (words.Load(X) == 1)
                    words.Store(Y, 1);
            },
            () =>
            {
                values[0] = words.Load(Y);
                values[1] = words.Load(X);
            },
        ]);
        Assert.That(seen, Does.Not.Contain("1 0"));
    }

    [Test]
    public void What_was_done_under_a_latch_is_seen_under_it()
    {
        var latch = new Latch();
        var seen = See(MemoryKind.Weak, (words, values) => [
            () =>
            {
                using (latch.Hold())
                {
                    Content.Write(ref words[X], 1);
                    Content.Write(ref words[Y], 1);
                }
            },
            () =>
            {
                using (latch.Hold())
                {
                    values[0] = Content.Read(ref words[Y]);
                    values[1] = Content.Read(ref words[X]);
                }
            },
        ]);
        Assert.That(seen, Is.EquivalentTo((string[])["0 0", "1 1"]));
    }

    [Test]
    public void Two_readers_may_see_two_writers_in_different_orders_which_is_more_than_x64_or_arm64_show()
    {
        var seen = See(MemoryKind.Weak, (words, values) => [
            () => words.Store(X, 1),
            () => words.Store(Y, 1),
            () => values[0] = (10 * words.Load(X)) + words.Load(Y),
            () => values[1] = (10 * words.Load(Y)) + words.Load(X),
        ]);
        Assert.That(seen, Does.Contain("10 10"));
    }

    private static Func<Words, ulong[], Action[]> StoreBuffering(Action<Words>? between) => (words, values) => [
        () =>
        {
            words.Store(X, 1);
            between?.Invoke(words);
            values[0] = words.Load(Y);
        },
        () =>
        {
            words.Store(Y, 1);
            between?.Invoke(words);
            values[1] = words.Load(X);
        },
    ];

    private static Func<Words, ulong[], Action[]> MessagePassing(bool relaxedFlag) => (words, values) => [
        () =>
        {
            Content.Write(ref words[X], 1);
            if (relaxedFlag)
                Content.Write(ref words[Y], 1);
            else
                words.Store(Y, 1);
        },
        () =>
        {
            values[0] = words.Load(Y);
            values[1] = Content.Read(ref words[X]);
        },
    ];

    private static IReadOnlySet<string> See(MemoryKind memory, Func<Words, ulong[], Action[]> make)
    {
        using var explorer = new Explorer(memory);
        var result = explorer.Run(
            () =>
            {
                var words = new Words(3);
                var values = new ulong[2];
                return new Scene(make(words, values)) { State = () => string.Join(' ', values), Close = words.Dispose };
            },
            new SourceSetSearch(new Dependence(memory == MemoryKind.Weak)));
        Assert.That(result.Failure, Is.Null);
        Assert.That(result.IsComplete, Is.True);
        return result.States;
    }
}
