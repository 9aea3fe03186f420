using System.Text;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Lifetimes;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>What users of the default provider and its pools rely on holds for both providers.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class SlabObjectPoolProviderTests(bool isOurs) : RuntimeFixture(32)
{
    private const int Retained = 3;

    private ObjectPoolProvider Provider => isOurs
        ? Pool.CreateObjectPoolProvider(new SlabObjectPoolOptions { MaximumRetained = Retained })
        : new DefaultObjectPoolProvider { MaximumRetained = Retained };

    [Test]
    public void A_pool_of_string_builders_clears_them_and_drops_large_ones()
    {
        var pool = Provider.CreateStringBuilderPool(initialCapacity: 10, maximumRetainedCapacity: 100);
        var builder = pool.Get();
        Assert.That(builder.Capacity, Is.EqualTo(10));
        builder.Append("dirt");
        pool.Return(builder);
        Assert.That(pool.Get(), Is.SameAs(builder));
        Assert.That(builder.Length, Is.Zero);

        builder.Append('x', 1000);
        pool.Return(builder);
        Assert.That(pool.Get(), Is.Not.SameAs(builder));
    }

    [Test]
    public void An_object_that_can_reset_itself_is_reset_and_kept_if_it_says_so()
    {
        var pool = Provider.Create<Resettable>();
        var item = pool.Get();
        pool.Return(item);
        Assert.That(item.Resets, Is.EqualTo(1));
        Assert.That(pool.Get(), Is.SameAs(item));

        item.Keeps = false;
        pool.Return(item);
        Assert.That(item.Resets, Is.EqualTo(2));
        Assert.That(pool.Get(), Is.Not.SameAs(item));
    }

    [Test]
    public void As_many_as_the_maximum_are_kept_and_the_others_disposed()
    {
        var pool = Provider.Create<Disposable>();
        var items = Enumerable.Range(0, Retained + 2).Select(_ => pool.Get()).ToArray();
        Array.ForEach(items, pool.Return);
        Assert.That(items.Sum(item => item.Disposals), Is.EqualTo(2));

        var again = Enumerable.Range(0, Retained).Select(_ => pool.Get()).ToArray();
        Assert.That(again, Is.EquivalentTo(items.Where(item => item.Disposals == 0)));
    }

    [Test]
    public void At_the_end_idle_objects_are_disposed_then_late_ones_and_no_more_are_given()
    {
        var pool = Provider.Create<Disposable>();
        var (idle, late) = (pool.Get(), pool.Get());
        pool.Return(idle);
        ((IDisposable)pool).Dispose();
        Assert.That((idle.Disposals, late.Disposals), Is.EqualTo((1, 0)));
        pool.Return(late);
        Assert.That((idle.Disposals, late.Disposals), Is.EqualTo((1, 1)));
        Assert.Throws<ObjectDisposedException>(() => pool.Get());
    }

    [Test]
    public void An_object_returned_on_another_thread_is_got_here()
    {
        var pool = Provider.Create<object>();
        var item = pool.Get();
        for (var i = 0; i < 100; i++)
        {
            using var other = new OtherThread(() => pool.Return(item));
            Assert.That(pool.Get(), Is.SameAs(item));
        }

        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Objects_that_are_never_returned_cost_the_pool_nothing()
    {
        var pool = Provider.Create<object>();
        Forget(pool, 10 * Retained);
        Collect();
        var items = Enumerable.Range(0, Retained).Select(_ => pool.Get()).ToArray();
        Array.ForEach(items, pool.Return);
        Assert.That(Enumerable.Range(0, Retained).Select(_ => pool.Get()), Is.EquivalentTo(items), "all are kept");
        if (pool is SlabObjectPool<object> ours)
            Assert.That(ours.Statistics().Lost, Is.EqualTo(10 * Retained));
        GC.KeepAlive(pool);
    }

    [Test]
    public void No_policy_is_refused() => Assert.Throws<ArgumentNullException>(() => Provider.Create<object>(null!));

    [Test]
    public void A_policys_own_failure_to_make_an_object_passes_through_also_beyond_the_maximum()
    {
        var policy = new FailingPolicy();
        var pool = Provider.Create(policy);
        var items = Enumerable.Range(0, Retained).Select(_ => pool.Get()).ToArray();
        policy.Fails = true;
        Assert.Throws<InvalidTimeZoneException>(() => pool.Get());
        policy.Fails = false;
        Array.ForEach(items, pool.Return);
        Assert.That(Enumerable.Range(0, Retained).Select(_ => pool.Get()), Is.EquivalentTo(items));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Only_ours_tells_a_second_return_and_a_stranger()
    {
        var pool = Provider.Create<StringBuilder>();
        var item = pool.Get();
        pool.Return(item);
        pool.Return(item);
        Assert.That(ReferenceEquals(pool.Get(), pool.Get()), Is.EqualTo(!isOurs));

        var stranger = new StringBuilder();
        pool.Return(stranger);
        Assert.That(ReferenceEquals(pool.Get(), stranger), Is.EqualTo(!isOurs));
        if (isOurs)
            Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.DoubleReturn, ViolationKind.ForeignHandle }));
    }

    private static void Forget(ObjectPool<object> pool, int count)
    {
        for (var i = 0; i < count; i++)
            _ = pool.Get();
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private sealed class Resettable : IResettable
    {
        public int Resets { get; private set; }

        public bool Keeps { get; set; } = true;

        public bool TryReset()
        {
            Resets++;
            return Keeps;
        }
    }

    private sealed class Disposable : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    private sealed class FailingPolicy : PooledObjectPolicy<object>
    {
        public bool Fails { get; set; }

        public override object Create() => Fails ? throw new InvalidTimeZoneException() : new object();

        public override bool Return(object obj) => true;
    }
}
