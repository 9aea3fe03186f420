using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>What users' objects and policies can do to an object pool: nothing that costs it a slot or an object.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabObjectPoolHazardTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void An_object_whose_dispose_throws_costs_no_slot_and_throws_nothing_at_the_pools_user()
    {
        var policy = new Policy(() => new Grenade()) { Keeps = false };
        using var pool = Pool.CreateObjectPool(policy, maximumRetained: 1);
        for (var i = 0; i < 20; i++)
        {
            var item = pool.Get();
            Assert.DoesNotThrow(() => pool.Return(item));
        }

        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(Enumerable.Repeat(ViolationKind.DestructorThrew, 20)));
        Assert.That(Violations[0].Exception, Is.InstanceOf<InvalidTimeZoneException>());
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Assert.That(pool.UnpooledCount, Is.Zero, "its place in the pool was free each time");
    }

    [Test]
    public void At_the_end_every_idle_object_is_disposed_also_when_one_throws()
    {
        var policy = new Policy(() => new Grenade());
        var pool = Pool.CreateObjectPool(policy, maximumRetained: 5);
        var items = Enumerable.Range(0, 5).Select(_ => pool.Get()).ToArray();
        foreach (var item in items)
            pool.Return(item);
        Assert.DoesNotThrow(pool.Dispose);
        Assert.That(items.Select(item => item.Disposals), Is.All.EqualTo(1));
        Assert.DoesNotThrow(pool.Dispose);
        Assert.That(items.Select(item => item.Disposals), Is.All.EqualTo(1));
    }

    [Test]
    public void A_policy_that_makes_an_object_twice_or_none_at_all_is_told_so_and_costs_nothing()
    {
        var only = new Grenade();
        var makes = new Queue<Grenade?>([only, only, null, new Grenade(), new Grenade()]);
        using var pool = Pool.CreateObjectPool(new Policy(() => makes.Dequeue()!), maximumRetained: 2);
        var first = pool.Get();
        Assert.That(() => pool.Get(), Throws.InstanceOf<ArgumentException>(), "the same again");
        Assert.That(() => pool.Get(), Throws.InstanceOf<ArgumentException>(), "none");
        var second = pool.Get();
        Assert.That(pool.UnpooledCount, Is.Zero, "both places are good");
        pool.Return(first);
        pool.Return(second);
        Assert.That(new[] { pool.Get(), pool.Get() }, Is.EquivalentTo(new[] { first, second }));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(2));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_policy_may_use_the_pool_that_asks_it()
    {
        SlabObjectPool<Grenade>? pool = null;
        var policy = new Policy(() => new Grenade());
        policy.Returning = item =>
        {
            // A second return from within the first, and another object's cycle.
            pool!.Return(item);
            policy.Returning = null;
            pool.Return(pool.Get());
        };
        using (pool = Pool.CreateObjectPool(policy))
        {
            pool.Return(pool.Get());
            Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.DoubleReturn }));
        }

        Assert.That(policy.Made.Select(item => item.Disposals), Is.All.EqualTo(1));
    }

    [Test]
    public void Hazard30_of_racing_returns_of_an_object_one_succeeds()
    {
        const int Rounds = 1000;
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>());
        object item = pool.Get();
        using var barrier = new Barrier(3, _ =>
        {
            item = pool.Get();
            var other = pool.Get();
            if (ReferenceEquals(item, other))
                throw new InvalidOperationException("one object for two users");
            pool.Return(other);
        });
        var threads = Enumerable.Range(0, 3).Select(_ => new OtherThread(
            () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    pool.Return(item);
                    barrier.SignalAndWait();
                }
            },
            join: false)).ToArray();
        foreach (var thread in threads)
            thread.Dispose();
        Assert.That(Violations, Has.Count.EqualTo(Rounds * 2));
    }

    private sealed class Grenade : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose()
        {
            Disposals++;
            throw new InvalidTimeZoneException();
        }
    }

    private sealed class Policy(Func<Grenade> create) : IPooledObjectPolicy<Grenade>
    {
        public List<Grenade> Made { get; } = [];

        public bool Keeps { get; init; } = true;

        public Action<Grenade>? Returning { get; set; }

        public Grenade Create()
        {
            Made.Add(create());
            return Made[^1];
        }

        public bool Return(Grenade obj)
        {
            Returning?.Invoke(obj);
            return Keeps;
        }
    }
}
