using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>What a trim takes of an object pool, and what it leaves.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabObjectPoolTrimTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void Idle_objects_are_dropped_and_disposed_and_those_that_are_out_stay()
    {
        using var pool = MakePool(retained: 4);
        var (first, second, outside) = (pool.Get(), pool.Get(), pool.Get());
        pool.Return(first);
        pool.Return(second);

        Assert.That(pool.Trim(), Is.EqualTo(2));
        Assert.That((first.Disposals, second.Disposals, outside.Disposals), Is.EqualTo((1, 1, 0)));
        var now = pool.Statistics();
        Assert.That((now.Idle, now.Out, now.Trimmed, now.Dropped), Is.EqualTo((0L, 1L, 2L, 0L)));
        pool.Return(outside);
        Assert.That(pool.Get(), Is.SameAs(outside));
        Assert.That(pool.Trim(), Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Trimming_the_runtime_trims_its_pools()
    {
        using var pool = MakePool();
        var item = pool.Get();
        pool.Return(item);
        Pool.Trim();
        Assert.That(item.Disposals, Is.EqualTo(1));
        Assert.That(pool.Get(), Is.Not.SameAs(item));
    }

    [Test]
    public void An_interval_takes_what_nobody_had_in_it_and_nothing_else()
    {
        using var pool = MakePool();
        var (used, unused) = (pool.Get(), pool.Get());
        pool.Return(unused);
        pool.Return(used);
        Pool.Trim(TrimLevel.Idle);
        Assert.That((used.Disposals, unused.Disposals), Is.EqualTo((0, 0)), "both were had in the first interval");

        Assert.That(pool.Get(), Is.SameAs(used), "the one that came back last");
        pool.Return(used);
        Pool.Trim(TrimLevel.Idle);
        Assert.That((used.Disposals, unused.Disposals), Is.EqualTo((0, 1)));
        Pool.Trim(TrimLevel.Idle);
        Assert.That(used.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void As_many_as_are_to_be_kept_are_kept()
    {
        using var pool = MakePool(retained: 4, least: 2);
        var items = Enumerable.Range(0, 4).Select(_ => pool.Get()).ToArray();
        foreach (var item in items.Skip(1))
            pool.Return(item);
        Assert.That(pool.Trim(), Is.EqualTo(2), "one that is out and one that is idle stay");
        pool.Return(items[0]);
        Pool.Trim();
        Assert.That(items.Sum(item => item.Disposals), Is.EqualTo(2));
        Assert.That(pool.Statistics().Idle, Is.EqualTo(2));

        using var all = MakePool(least: int.MaxValue);
        all.Return(all.Get());
        Assert.That(all.Trim(), Is.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => MakePool(least: -1));
    }

    [Test]
    public void A_bounded_pool_has_as_many_objects_after_a_trim_as_before_and_no_more()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<Probe>(), new SlabObjectPoolOptions { MaximumRetained = 2, IsBounded = true });
        for (var round = 0; round < 3; round++)
        {
            var (first, second) = (pool.Get(), pool.Get());
            Assert.That(pool.TryGet(out _), Is.False);
            pool.Return(first);
            pool.Return(second);
            Assert.That(pool.Trim() + pool.Statistics().Dropped, Is.Positive);
        }
    }

    [Test]
    public void An_object_whose_dispose_throws_is_reported_and_the_rest_are_trimmed()
    {
        using var pool = MakePool();
        var (first, second) = (pool.Get(), pool.Get());
        first.Throws = true;
        pool.Return(first);
        pool.Return(second);
        Assert.DoesNotThrow(() => Pool.Trim());
        Assert.That((first.Disposals, second.Disposals), Is.EqualTo((1, 1)));
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DestructorThrew));
    }

    [Test]
    public void A_trimmed_object_is_no_longer_the_pools()
    {
        using var pool = MakePool();
        var item = pool.Get();
        pool.Return(item);
        pool.Trim();
        pool.Return(item);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.ForeignHandle));
        Assert.That(item.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void A_facade_pool_is_trimmed_with_the_memory_of_its_state()
    {
        using var pool = Pool.CreateFacadePool<Facade, long>(() => new Facade());
        var facade = pool.Get();
        pool.Return(facade);
        Assert.That(pool.Trim(), Is.EqualTo(1));
        Assert.That(pool.Values.Statistics().TotalSlabs, Is.Zero);
        Assert.That(pool.Get(), Is.Not.SameAs(facade));
    }

    [Test]
    public void Threads_get_and_return_while_others_trim_and_nothing_is_lost_or_shared()
    {
        using var pool = MakePool(retained: 3);
        var working = 3;
        var threads = Enumerable.Range(0, 3).Select(_ => new OtherThread(
            () =>
            {
                try
                {
                    for (var i = 0; i < 3000; i++)
                    {
                        var item = pool.Get();
                        if (item.Disposals > 0 || !Monitor.TryEnter(item))
                            throw new InvalidOperationException("an object that has ended, or is another's");
                        Monitor.Exit(item);
                        pool.Return(item);
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref working);
                }
            },
            join: false)).ToArray();
        for (var round = 0; Volatile.Read(ref working) > 0; round++)
            Pool.Trim(round % 2 == 0 ? TrimLevel.All : TrimLevel.Idle);
        foreach (var thread in threads)
            thread.Dispose();

        var now = pool.Statistics();
        Assert.That(now.Idle + now.Trimmed + now.Dropped, Is.EqualTo(now.Created));
        Assert.That((now.Out, now.Lost), Is.EqualTo((0L, 0L)));
        Assert.That(Violations, Is.Empty);
    }

    private SlabObjectPool<Probe> MakePool(int? retained = null, int least = 0) =>
        Pool.CreateObjectPool(new DefaultPooledObjectPolicy<Probe>(), new SlabObjectPoolOptions { MaximumRetained = retained, MinimumRetained = least });

    private sealed class Facade : SlabFacade<long>;

    private sealed class Probe : IDisposable
    {
        public bool Throws { get; set; }

        public int Disposals { get; private set; }

        public void Dispose()
        {
            Disposals++;
            if (Throws)
                throw new InvalidTimeZoneException();
        }
    }
}
