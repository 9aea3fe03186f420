using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

/// <summary>A check fails the test that leaked, and no other.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class LeakCheckTests(int generationBits) : LeakFixture(generationBits)
{
    [Test]
    public void A_test_that_returns_everything_passes()
    {
        using var cache = Pool.CreateCache<long>("orders");
        using var blocks = Pool.CreateMemoryPool();
        using var items = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy());
        using var check = new LeakCheck(Pool, TimeSpan.Zero);
        cache.Return(cache.Rent());
        blocks.Rent().Dispose();
        items.Return(items.Get());
        Pool.Folios.Return(Pool.Folios.Rent(new PageOrder(0)));
        check.RequireNone();
    }

    [Test]
    public void A_test_that_leaks_a_handle_fails_and_learns_who_rented_it()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var handle = default(SlabHandle<long>);
        var failure = Assert.Throws<LeakException>(() =>
        {
            using var check = new LeakCheck(Pool, TimeSpan.Zero);
            handle = RentHere(cache);
        })!;
        var leak = failure.Report.Leaks.Single();
        Assert.That((leak.Reason, leak.Subject, leak.TypeName, leak.Tag, leak.Index, leak.Generation), Is.EqualTo((LeakReason.NotReturned, "orders", "System.Int64", Tag, handle.Index, handle.Generation)));
        Assert.That(failure.Message, Does.StartWith("1 object leaked\norders (System.Int64), tag 'checkout': out for ").And.Contain($".{nameof(RentHere)}\n"));
        cache.Return(handle);
    }

    [Test]
    public void Owners_and_items_that_are_lost_are_each_told_once()
    {
        using var blocks = Pool.CreateMemoryPool();
        using var items = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy());
        var failure = Assert.Throws<LeakException>(() => LeakCheck.Run(Pool, () =>
        {
            LoseBlock(blocks);
            LoseItem(items);
            LoseFolio(Pool);
        }))!;
        Assert.That(failure.Report.Leaks.Select(leak => (leak.Reason, leak.Subject)), Is.EquivalentTo(new[]
        {
            (LeakReason.Unreachable, "memory-pool"), (LeakReason.Unreachable, "object-pool"), (LeakReason.Unreachable, "folio"),
        }));
        Assert.That(failure.Report.Unnamed, Is.Empty);
        Assert.DoesNotThrow(() => LeakCheck.Run(Pool, () => { }), "they are not the next test's");
    }

    [Test]
    public void Without_stacks_a_leak_is_a_number()
    {
        using var cache = Pool.CreateCache<long>("orders", new SlabCacheOptions());
        var before = cache.Rent();
        var leaked = default(SlabHandle<long>);
        var failure = Assert.Throws<LeakException>(() => LeakCheck.Run(Pool, () => leaked = cache.Rent()))!;
        Assert.That(failure.Message, Is.EqualTo("1 object leaked\norders: 1 of which it isn't known who rented them"));
        cache.ReturnMany([before, leaked]);
    }

    [Test]
    public void What_was_out_before_is_not_the_tests_matter()
    {
        using var cache = Pool.CreateCache<long>("orders");
        using var blocks = Pool.CreateMemoryPool();
        var before = cache.Rent();
        LoseBlock(blocks);
        Assert.DoesNotThrow(() => LeakCheck.Run(Pool, () => cache.Return(cache.Rent())));
        cache.Return(before);
    }

    [Test]
    [CancelAfter(20_000)]
    public void A_return_on_its_way_is_waited_for()
    {
        using var cache = Pool.CreateCache<long>("orders");
        using var checking = new ManualResetEventSlim();
        OtherThread? other = null;
        Assert.DoesNotThrow(() =>
        {
            using var check = new LeakCheck(Pool, TimeSpan.FromSeconds(20));
            var handle = cache.Rent();
            other = new OtherThread(
                () =>
                {
                    checking.Wait();
                    cache.Return(handle);
                },
                join: false);
            checking.Set();
        });
        other!.Dispose();
    }

    [Test]
    public async Task What_the_test_throws_is_seen()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var handle = default(SlabHandle<long>);
        Assert.Throws<InvalidTimeZoneException>(() => LeakCheck.Run(Pool, () =>
        {
            handle = cache.Rent();
            throw new InvalidTimeZoneException();
        }));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => LeakCheck.RunAsync(Pool, () => throw new InvalidTimeZoneException()));
        cache.Return(handle);
    }

    [Test]
    public async Task A_test_that_awaits_is_checked_likewise()
    {
        using var blocks = Pool.CreateMemoryPool();
        await LeakCheck.RunAsync(Pool, async () =>
        {
            using var block = blocks.Rent();
            await Task.Yield();
        });
        await Assert.ThrowsAsync<LeakException>(() => LeakCheck.RunAsync(Pool, async () =>
        {
            await Task.Yield();
            LoseBlock(blocks);
        }));
    }

    [Test]
    public async Task A_second_dispose_does_nothing_and_a_wrong_check_is_refused()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var check = new LeakCheck(Pool, TimeSpan.Zero);
        var handle = cache.Rent();
        Assert.Throws<LeakException>(check.Dispose);
        Assert.DoesNotThrow(check.Dispose);
        cache.Return(handle);
        Assert.Throws<ArgumentNullException>(() => _ = new LeakCheck(null!));
        Assert.Throws<ArgumentNullException>(() => LeakCheck.Run(Pool, null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => LeakCheck.RunAsync(Pool, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new LeakCheck(Pool, TimeSpan.FromSeconds(-1)));
    }
}
