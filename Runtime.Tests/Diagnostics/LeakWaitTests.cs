using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

/// <summary>Waiting until all is back.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class LeakWaitTests(int generationBits) : LeakFixture(generationBits)
{
    [Test]
    public void Where_all_is_back_nobody_waits()
    {
        using var cache = Pool.CreateCache<long>("orders");
        cache.Return(cache.Rent());
        Assert.That(cache.WhenAllReturnedAsync(TimeSpan.Zero).IsCompletedSuccessfully, Is.True);
        Assert.That(Pool.WhenAllReturnedAsync(TimeSpan.Zero).IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task It_ends_once_all_is_back()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var handle = cache.Rent();
        var all = Pool.WhenAllReturnedAsync(Timeout.InfiniteTimeSpan);
        var some = cache.WhenAllReturnedAsync(TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((all.IsCompleted, some.IsCompleted), Is.EqualTo((false, false)));
        cache.Return(handle);
        await TurnUntilOver(Task.WhenAll(all, some));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task It_fails_with_a_report_of_what_is_out()
    {
        using var named = Pool.CreateCache<long>("named");
        using var unnamed = Pool.CreateCache<long>("unnamed", new SlabCacheOptions());
        var handle = RentHere(named);
        var others = new[] { unnamed.Rent(), unnamed.Rent() };
        var folio = Pool.Folios.Rent(new PageOrder(0));
        var wait = Pool.WhenAllReturnedAsync(TimeSpan.FromSeconds(3));
        await TurnUntilOver(wait.ContinueWith(_ => { }, TaskScheduler.Default));
        var report = (await Assert.ThrowsAsync<LeakException>(() => wait))!.Report;

        Assert.That(report.Leaks.Select(leak => (leak.Reason, leak.Subject, leak.Index, leak.Generation)), Is.EqualTo(new[] { (LeakReason.NotReturned, "named", handle.Index, handle.Generation) }));
        Assert.That(report.Leaks[0].RentedBy.Stack.Split('\n')[0], Does.EndWith(nameof(RentHere)));
        Assert.That(report.Unnamed, Is.EqualTo(new Dictionary<string, long> { ["unnamed"] = 2, ["folio"] = 1 }));
        Assert.That(report.ToString(), Does.StartWith("4 objects leaked\nnamed (System.Int64), tag 'checkout': out for ").And.Contain("not returned").And.EndsWith(
            "\nfolio: 1 of which it isn't known who rented them\nunnamed: 2 of which it isn't known who rented them"));
        named.Return(handle);
        unnamed.ReturnMany(others);
        Pool.Folios.Return(folio);
    }

    [Test]
    public async Task A_wait_is_cancelled_and_a_wrong_one_refused()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var handle = cache.Rent();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cache.WhenAllReturnedAsync(TimeSpan.FromHours(1), new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = cache.WhenAllReturnedAsync(TimeSpan.FromSeconds(-1)));
        await Assert.ThrowsAsync<LeakException>(() => cache.Untyped.WhenAllReturnedAsync(TimeSpan.Zero));
        cache.Return(handle);
    }

    private async Task TurnUntilOver(Task task)
    {
        while (!task.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await task;
    }
}
