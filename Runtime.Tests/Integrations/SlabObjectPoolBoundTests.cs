using FolioRuntime.Integrations.ObjectPooling;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>Bounded object pools: what happens at the bound, and that nothing loses a place or makes one.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabObjectPoolBoundTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void At_the_bound_a_try_says_no_and_a_get_throws_until_one_is_back()
    {
        using var pool = Bounded(2);
        var (first, second) = (pool.Get(), pool.Get());
        Assert.That(pool.TryGet(out var none), Is.False);
        Assert.That(none, Is.Null);
        Assert.That(Assert.Throws<InvalidOperationException>(() => pool.Get())!.Message, Does.Contain("All 2 objects of the bounded pool 'object-pool' are out"));
        Assert.That(pool.Statistics(), Is.EqualTo(new SlabObjectPoolStatistics
        {
            Name = "object-pool",
            MaximumRetained = 2,
            Idle = 0,
            Out = 2,
            Waiting = 0,
            Created = 2,
            Unpooled = 0,
            Dropped = 0,
            Trimmed = 0,
            Lost = 0,
            Rejected = 2,
        }));

        pool.Return(first);
        Assert.That(pool.TryGet(out var again), Is.True);
        Assert.That(again, Is.SameAs(first));
        pool.Return(second);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public async Task Waiting_calls_get_objects_in_the_order_in_which_they_came_and_nobody_overtakes()
    {
        using var pool = Bounded(1);
        var item = await pool.GetAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => pool.GetAsync().AsTask()).ToArray();
        Assert.That(pool.Statistics().Waiting, Is.EqualTo(20));
        foreach (var next in waiting)
        {
            Assert.That(next.IsCompleted, Is.False);
            pool.Return(item);
            Assert.That(pool.TryGet(out _), Is.False, "it is the waiting call's");
            item = await next;
        }

        pool.Return(item);
        Assert.That(pool.Statistics().Created, Is.EqualTo(pool.Statistics().Dropped + pool.Statistics().Idle));
        Assert.That(pool.Statistics(), Has.Property("Waiting").Zero.And.Property("Out").Zero);
    }

    [Test]
    public async Task A_call_that_is_cancelled_leaves_the_object_to_the_next()
    {
        using var pool = Bounded(1);
        var item = pool.Get();
        using var cancel = new CancellationTokenSource();
        var first = pool.GetAsync(cancel.Token).AsTask();
        var second = pool.GetAsync().AsTask();
        await cancel.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(cancel.Token));
        pool.Return(item);
        Assert.That(await second, Is.SameAs(item));
        Assert.That(async () => await pool.GetAsync(cancel.Token), Throws.InstanceOf<OperationCanceledException>(), "before it waits");
    }

    [Test]
    public void The_pools_end_and_the_runtimes_release_those_who_wait([Values] bool isRuntimes)
    {
        var pool = Bounded(1);
        var item = pool.Get();
        var waiting = Enumerable.Range(0, 5).Select(_ => pool.GetAsync().AsTask()).ToArray();
        if (isRuntimes)
            Pool.Dispose();
        else
            pool.Dispose();
        foreach (var next in waiting)
            Assert.That(async () => await next, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await pool.GetAsync(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.Throws<ObjectDisposedException>(() => pool.TryGet(out _));
        Assert.DoesNotThrow(() => pool.Return(item));
        Assert.That(async () => await pool.GetAsync(), Throws.InstanceOf<ObjectDisposedException>());
        pool.Dispose();
    }

    [Test]
    public void Misuse_makes_no_place_and_failures_lose_none()
    {
        var policy = new Policy();
        using var pool = Pool.CreateObjectPool(policy, new SlabObjectPoolOptions { MaximumRetained = 1, IsBounded = true });
        for (var i = 0; i < 5; i++)
        {
            policy.Fails = true;
            Assert.Throws<InvalidTimeZoneException>(() => pool.Get());
            Assert.That(async () => await pool.GetAsync(), Throws.InstanceOf<InvalidTimeZoneException>());
            policy.Fails = false;
            var item = pool.Get();
            policy.Fails = true;
            pool.Return(item);
            pool.Return(item);
            pool.Return(new object());
            policy.Fails = false;
            item = pool.Get();
            Assert.That(pool.TryGet(out _), Is.False);
            policy.Keeps = false;
            pool.Return(item);
            policy.Keeps = true;
        }

        Assert.That(pool.Statistics(), Has.Property("Dropped").EqualTo(10).And.Property("Out").Zero);
    }

    [Test]
    public async Task An_object_that_is_never_returned_is_missed_and_its_place_goes_to_the_next()
    {
        using var pool = Bounded(1);
        Forget(pool);
        var waiting = pool.GetAsync().AsTask();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(pool.Statistics().Lost, Is.EqualTo(1));
        pool.Return(await waiting);
        Assert.That(pool.Statistics(), Has.Property("Created").EqualTo(2).And.Property("Out").Zero);
    }

    [Test]
    public void Hazard18_threads_at_the_bound_never_have_more_objects_than_it_says_and_all_get_theirs()
    {
        const int Rounds = 2000;
        using var pool = Bounded(2);
        long users = 0;
        TestThreads.Run(4, thread =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                // Every other cancels at some moment of its wait, or too late.
                using var cancel = new CancellationTokenSource();
                var getting = pool.GetAsync(cancel.Token).AsTask();
                if ((i + thread) % 2 == 0)
                    cancel.Cancel();
                try
                {
                    var item = getting.GetAwaiter().GetResult();
                    if (Interlocked.Increment(ref users) > 2 || !Monitor.TryEnter(item))
                        throw new InvalidOperationException("too many users");
                    Monitor.Exit(item);
                    Interlocked.Decrement(ref users);
                    pool.Return(item);
                }
                catch (OperationCanceledException) when (cancel.IsCancellationRequested)
                {
                    // Its place went to another.
                }
            }
        });
        Assert.That(pool.Statistics(), Has.Property("Out").Zero.And.Property("Waiting").Zero);

        // None, if the last returns were in the last generations of their slots.
        Assert.That(pool.Statistics().Created - pool.Statistics().Dropped, Is.InRange(0, 2));
        Assert.That((pool.TryGet(out _), pool.TryGet(out _), pool.TryGet(out _)), Is.EqualTo((true, true, false)));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_bounded_pool_of_nothing_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bounded(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.CreateObjectPoolProvider(new SlabObjectPoolOptions { MaximumRetained = -1 }));
        Assert.Throws<ArgumentException>(() => Pool.CreateObjectPoolProvider(new SlabObjectPoolOptions { Name = " " }));
    }

    private static void Forget(SlabObjectPool<object> pool) => _ = pool.Get();

    private SlabObjectPool<object> Bounded(int count) =>
        Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>(), new SlabObjectPoolOptions { MaximumRetained = count, IsBounded = true });

    private sealed class Policy : PooledObjectPolicy<object>
    {
        public bool Fails { get; set; }

        public bool Keeps { get; set; } = true;

        public override object Create() => Fails ? throw new InvalidTimeZoneException() : new object();

        public override bool Return(object obj) => Fails ? throw new InvalidTimeZoneException() : Keeps;
    }
}
