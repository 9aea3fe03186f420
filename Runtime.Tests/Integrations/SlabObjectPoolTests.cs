using System.Text;
using FolioRuntime.Lifetimes;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabObjectPoolTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void A_returned_object_is_got_again_and_was_reset()
    {
        using var pool = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy());
        var first = pool.Get();
        first.Append("dirt");
        pool.Return(first);

        var second = pool.Get();
        Assert.That(second, Is.SameAs(first));
        Assert.That(second.Length, Is.Zero);
        pool.Return(second);
    }

    [Test]
    public void An_object_returned_twice_is_not_handed_to_two_users()
    {
        using var pool = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy());
        var builder = pool.Get();
        pool.Return(builder);
        Assert.DoesNotThrow(() => pool.Return(builder));

        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
        var next = pool.Get();
        Assert.That(pool.Get(), Is.Not.SameAs(next));
    }

    [Test]
    public void An_object_of_another_origin_is_refused()
    {
        using var pool = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy());
        var stranger = new StringBuilder("mine");
        pool.Return(stranger);

        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.ForeignHandle));
        Assert.That(stranger.ToString(), Is.EqualTo("mine"), "not reset");
        Assert.That(pool.Get(), Is.Not.SameAs(stranger));
    }

    [Test]
    public void Hazard18_no_more_than_the_maximum_is_retained()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>(), maximumRetained: 3);
        var items = Enumerable.Range(0, 10).Select(_ => pool.Get()).ToList();
        Assert.That(pool.UnpooledCount, Is.EqualTo(7));
        items.ForEach(pool.Return);

        Assert.That(Enumerable.Range(0, 10).Select(_ => pool.Get()).Count(items.Contains), Is.EqualTo(3));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Objects_that_the_policy_refuses_and_idle_ones_at_the_end_are_disposed()
    {
        var pool = Pool.CreateObjectPool(new ProbePolicy());
        var refused = pool.Get();
        refused.IsReusable = false;
        pool.Return(refused);
        var idle = pool.Get();
        var outside = pool.Get();
        pool.Return(idle);

        pool.Dispose();
        Assert.That((refused.Disposals, idle.Disposals, outside.Disposals), Is.EqualTo((1, 1, 0)));
        pool.Return(outside);
        Assert.That(outside.Disposals, Is.EqualTo(1));
        Assert.Throws<ObjectDisposedException>(() => pool.Get());
    }

    [Test]
    public void A_policy_that_throws_loses_nothing()
    {
        var policy = new ProbePolicy { Failing = true };
        using var pool = Pool.CreateObjectPool(policy, maximumRetained: 1);
        for (var i = 0; i < 5; i++)
            Assert.Throws<InvalidTimeZoneException>(() => pool.Get());

        policy.Failing = false;
        var item = pool.Get();
        policy.Failing = true;
        Assert.DoesNotThrow(() => pool.Return(item));
        Assert.That(item.Disposals, Is.EqualTo(1));
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DestructorThrew));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        policy.Failing = false;
        Assert.That(pool.UnpooledCount, Is.Zero);
        pool.Get();
        Assert.That(pool.UnpooledCount, Is.Zero, "its place in the pool is free again");
    }

    [Test]
    public void Many_cycles_never_hand_an_object_to_two_users_whatever_generations_are_left()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>(), maximumRetained: 4);
        var threads = Enumerable.Range(0, 3).Select(_ => new OtherThread(
            () =>
            {
                for (var i = 0; i < 5000; i++)
                {
                    var item = pool.Get();
                    if (!Monitor.TryEnter(item))
                        throw new InvalidOperationException("in use by another thread");
                    Monitor.Exit(item);
                    pool.Return(item);
                }
            },
            join: false)).ToArray();
        foreach (var thread in threads)
            thread.Dispose();
        Assert.That(Violations, Is.Empty);
    }

    private sealed class Probe : IDisposable
    {
        public bool IsReusable { get; set; } = true;

        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    private sealed class ProbePolicy : IPooledObjectPolicy<Probe>
    {
        public bool Failing { get; set; }

        public Probe Create() => Failing ? throw new InvalidTimeZoneException() : new Probe();

        public bool Return(Probe obj) => Failing ? throw new InvalidTimeZoneException() : obj.IsReusable;
    }
}
