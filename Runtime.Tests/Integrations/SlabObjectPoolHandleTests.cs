using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Integrations;

/// <summary>Returns that say which rent they end.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabObjectPoolHandleTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public void An_earlier_users_return_is_refused_and_the_present_ones_is_not()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>());
        var item = pool.Get();
        Assert.That(pool.TryGetHandle(item, out var earlier), Is.True);
        Assert.That(pool.TryReturn(item, earlier), Is.True);
        Assert.That(pool.Get(), Is.SameAs(item));
        Assert.That(pool.TryGetHandle(item, out var present), Is.True);
        Assert.That(present, Is.Not.EqualTo(earlier));

        Assert.That(pool.TryReturn(item, earlier), Is.False);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.StaleReturn));
        Assert.That(Violations.Single().Generation, Is.EqualTo(earlier.Generation));
        Assert.That(pool.Get(), Is.Not.SameAs(item), "it is its present user's");
        Assert.That(pool.TryReturn(item, present), Is.True);
    }

    [Test]
    public void A_second_return_of_the_same_rent_is_a_double_one()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>());
        var item = pool.Get();
        pool.TryGetHandle(item, out var handle);
        Assert.That(pool.TryReturn(item, handle), Is.True);
        Assert.That(pool.TryGetHandle(item, out var none), Is.False, "it is not out");
        Assert.That(none, Is.EqualTo(default(SlabHandle)));
        Assert.That(pool.TryReturn(item, handle), Is.False);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
    }

    [Test]
    public void A_stranger_has_no_handle_and_is_refused()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>());
        var stranger = new object();
        Assert.That(pool.TryGetHandle(stranger, out var handle), Is.False);
        Assert.That(pool.TryReturn(stranger, handle), Is.False);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.ForeignHandle));
    }

    [Test]
    public void An_object_beyond_those_kept_has_the_default_and_is_returned_once()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>(), maximumRetained: 0);
        var item = pool.Get();
        Assert.That(pool.TryGetHandle(item, out var handle), Is.True);
        Assert.That(handle, Is.EqualTo(default(SlabHandle)));
        Assert.That(pool.TryReturn(item, handle), Is.True);
        Assert.That(pool.TryReturn(item, handle), Is.False);
        Assert.That(pool.Statistics().Out, Is.Zero);
    }

    [Test]
    public void A_plain_return_still_ends_a_rent_whose_handle_was_taken()
    {
        using var pool = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>());
        var item = pool.Get();
        pool.TryGetHandle(item, out var handle);
        pool.Return(item);
        Assert.That(pool.TryReturn(item, handle), Is.False);
        Assert.That(pool.Statistics().Idle, Is.EqualTo(1));
    }
}
