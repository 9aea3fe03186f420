using System.Runtime.CompilerServices;
using System.Text;
using FolioRuntime.Harness;
using FolioRuntime.Integrations.ObjectPooling;
using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests.Diagnostics;

/// <summary>What is never returned is found, named once, and nobody else is.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class LeakTests(int generationBits) : LeakFixture(generationBits)
{
    [Test]
    public void An_object_that_is_out_for_too_long_is_named_once([Values] SlabDiscipline discipline)
    {
        using var cache = Pool.CreateCache<long>("orders", Pool.Options.CacheDefaults with { Discipline = discipline });
        cache.Return(RentHere(cache));
        var handle = RentHere(cache);
        Time.Advance(s_limit - s_interval);
        Assert.That(Pool.FindLeaks().Count, Is.Zero, "not yet");
        Assert.That(Violations, Is.Empty);

        Time.Advance(s_interval);
        RequireLeak(LeakReason.TooOld, "orders", "System.Int64", nameof(RentHere));
        Assert.That((Violations[0].Index, Violations[0].Generation), Is.EqualTo((handle.Index, handle.Generation)));
        Assert.That(Violations[0].Leak!.Age, Is.EqualTo(s_limit));
        Assert.That(Violations[0].ToString(), Does.Contain("out for 00:05:00.0, longer than it should be"));
        Time.Advance(s_limit);
        Assert.That(Violations, Has.Count.EqualTo(1), "told once");
        Assert.That(Pool.FindLeaks().Leaks.Single().Age, Is.EqualTo(2 * s_limit), "and found as long as it is out");

        cache.Return(handle);
        Assert.That(Pool.FindLeaks().Count, Is.Zero);
        Assert.That(Pool.ViolationCount(ViolationKind.Leak), Is.EqualTo(1));
    }

    [Test]
    public void A_reference_that_is_never_put_is_one_too()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var reference = cache.Allocate();
        Time.Advance(s_limit);
        RequireLeak(LeakReason.TooOld, "orders", "System.Int64", nameof(A_reference_that_is_never_put_is_one_too));
        reference.Dispose();
        Assert.That(Pool.FindLeaks().Count, Is.Zero);
    }

    [Test]
    public void A_block_whose_owner_is_garbage_is_named_and_stays_out()
    {
        using var pool = Pool.CreateMemoryPool();
        LoseBlock(pool);
        Collect();
        RequireLeak(LeakReason.Unreachable, "memory-pool", "4096 bytes", nameof(LoseBlock));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1), "a span of it may be in use still");
        Time.Advance(s_limit);
        Assert.That(Violations, Has.Count.EqualTo(1), "it is no other leak once it is old");
    }

    [Test]
    public void Retained_bytes_that_are_garbage_are_named_by_who_rented_their_block_though_its_owner_was_disposed()
    {
        using var pool = Pool.CreateMemoryPool();
        LoseRetained(pool);
        Collect();
        RequireLeak(LeakReason.Unreachable, "memory-pool", "4096 bytes", nameof(LoseRetained));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.EqualTo(1));
    }

    [Test]
    public void An_owner_that_was_disposed_is_none_whether_pinned_or_not()
    {
        using var pool = Pool.CreateMemoryPool();
        UseWell(pool);
        Collect();
        Assert.That(Violations, Is.Empty);
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void An_object_of_a_pool_that_is_garbage_is_named_and_its_place_is_free_again()
    {
        using var pool = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy());
        LoseItem(pool);
        Collect();
        RequireLeak(LeakReason.Unreachable, "object-pool", "System.Text.StringBuilder", nameof(LoseItem));
        Assert.That(pool.Statistics().Lost, Is.EqualTo(1));
        Assert.That(pool.Cache.Statistics().ActiveObjects, Is.Zero);
        Time.Advance(s_limit);
        Assert.That(Violations, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_folio_whose_owner_is_garbage_is_named()
    {
        LoseFolio(Pool);
        Collect();
        RequireLeak(LeakReason.Unreachable, "folio", "FolioOwner", nameof(LoseFolio));
        Assert.That(Pool.Folios.Statistics.Alive, Is.EqualTo(1));
    }

    [Test]
    public void A_folio_whose_owner_is_kept_too_long_is_named()
    {
        Assert.That(Pool.Folios.TryAllocateOwner(new PageOrder(1), out var owner), Is.True);
        Time.Advance(s_limit);
        RequireLeak(LeakReason.TooOld, "folio", "FolioOwner", nameof(A_folio_whose_owner_is_kept_too_long_is_named));
        ((IDisposable)owner!).Dispose();
        Collect();
        Assert.That(Violations, Has.Count.EqualTo(1));
        Assert.That(Pool.FindLeaks().Count, Is.Zero);
    }

    [Test]
    public void Where_leaks_are_not_looked_for_nothing_is_kept_and_nothing_told()
    {
        var off = new SlabCacheOptions();
        using var cache = Pool.CreateCache<long>("orders", off);
        using var blocks = Pool.CreateMemoryPool(new SlabMemoryPoolOptions { LeakSampleInterval = 0 });
        using var items = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy(), new SlabObjectPoolOptions { LeakSampleInterval = 0 });
        Assert.That(new[] { cache.Untyped, blocks.Cache, items.Cache }.Select(each => each.Tracks), Has.All.Null);
        var handle = cache.Rent();
        LoseBlock(blocks);
        LoseItem(items);
        Collect();
        Time.Advance(s_limit);
        Assert.That(Pool.FindLeaks().Count, Is.Zero);
        Assert.That(Violations, Is.Empty);
        Assert.That(items.Statistics().Lost, Is.EqualTo(1), "counted all the same");
        cache.Return(handle);
    }

    [Test]
    public void A_pools_own_options_win()
    {
        using var items = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy(), new SlabObjectPoolOptions { LeakTag = "mine" });
        using var blocks = Pool.CreateMemoryPool(new SlabMemoryPoolOptions { LeakSampleInterval = 7, LeakAgeLimit = TimeSpan.FromSeconds(1), LeakTag = "" });
        Assert.That(items.Cache.Tracks!.Leaks, Is.EqualTo(new LeakTerms(1, s_limit, "mine")));
        Assert.That(blocks.Cache.Tracks!.Leaks, Is.EqualTo(new LeakTerms(7, TimeSpan.FromSeconds(1), "")));
    }

    [Test]
    public void A_sample_is_about_one_in_so_many()
    {
        using var cache = Pool.CreateCache<long>("orders", Pool.Options.CacheDefaults with { LeakSampleInterval = 100 });
        var handles = new SlabHandle<long>[10_000];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(handles.Length));
        Time.Advance(s_limit);
        Assert.That(Pool.FindLeaks().Leaks, Has.Count.InRange(30, 250), "100 on average, 10 deviation");
        cache.ReturnMany(handles);
        Assert.That(Pool.FindLeaks().Count, Is.Zero);
        Time.Advance(s_interval);
        Assert.That(cache.Untyped.Tracks!.Count, Is.Zero, "nothing is kept of what was returned");
    }

    [Test]
    public void Threads_keep_their_free_objects_under_a_sample()
    {
        using var cache = Pool.CreateCache<long>("orders", new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive, LeakSampleInterval = 1 });
        Assert.That(cache.Untyped.ThreadCacheCapacity, Is.Positive);
        cache.Return(cache.Rent());
        Assert.That(cache.Untyped.Statistics().CachedObjects, Is.Positive);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void A_wrong_return_is_not_told_with_the_stacks_of_a_sample()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var handle = RentHere(cache);
        cache.Return(handle);
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(Violations.Single().RentedBy, Is.Null, "they may be those of another life");
    }

    [Test]
    public void What_is_out_at_the_end_of_a_cache_is_named_if_it_was_sampled()
    {
        var cache = Pool.CreateCache<long>("orders");
        var handle = RentHere(cache);
        cache.Dispose();
        var left = Violations.Single().Outstanding.Single();
        Assert.That((left.Index, left.Generation), Is.EqualTo((handle.Index, handle.Generation)));
        Assert.That(left.RentedBy.Stack.Split('\n')[0], Does.EndWith(nameof(RentHere)));
        cache.Return(handle);
    }

    [Test]
    public void Of_many_lost_ones_the_first_are_named_and_the_rest_counted()
    {
        using var pool = Pool.CreateObjectPool(new StringBuilderPooledObjectPolicy(), maximumRetained: 200);
        for (var i = 0; i < 100; i++)
            LoseItem(pool);
        Collect();
        var report = Pool.FindLeaks();
        Assert.That(Violations, Has.Count.EqualTo(100));
        Assert.That((report.Count, report.Leaks.Count, report.Unnamed["object-pool"]), Is.EqualTo((100, 64, 36)));
    }

    [Test]
    public void A_report_puts_together_what_was_rented_at_one_place()
    {
        using var cache = Pool.CreateCache<long>("orders");
        var handles = Enumerable.Range(0, 20).Select(_ => RentHere(cache)).ToArray();
        var other = cache.Rent();
        Time.Advance(s_limit);
        var text = Pool.FindLeaks().ToString();
        Assert.That(text, Does.StartWith("21 objects leaked\norders (System.Int64), tag 'checkout': "));
        Assert.That(text, Does.Contain($"20 objects, the oldest out for 00:05:00.0, longer than it should be; slots {handles[0].Index}, "));
        Assert.That(text.Split("\nrented by thread "), Has.Length.EqualTo(3), "two places");
        Assert.That(new StringBuilder().Append(LeakReport.None).ToString(), Is.EqualTo("no leak was found"));
        cache.ReturnMany(handles);
        cache.Return(other);
    }

    [Test]
    public void A_listener_that_throws_harms_nobody_not_even_the_finalizers_thread()
    {
        Pool.ViolationDetected += _ => throw new InvalidTimeZoneException();
        using var pool = Pool.CreateMemoryPool();
        LoseBlock(pool);
        Collect();
        Assert.That(Pool.ViolationCount(ViolationKind.Leak), Is.EqualTo(1));
    }

    [Test]
    public void A_runtime_that_goes_with_what_was_lost_in_it_is_not_kept_and_tells_nothing()
    {
        var (weak, told) = LoseAll(Options with { TrimInterval = Timeout.InfiniteTimeSpan });
        for (var round = 0; round < 10 && weak.IsAlive; round++)
            Collect();
        Assert.That(weak.IsAlive, Is.False);
        Assert.That(told, Is.Empty);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Runtime, List<Violation> Told) LoseAll(PoolRuntimeOptions options)
    {
        var told = new List<Violation>();
        var runtime = new PoolRuntime(options);
        runtime.ViolationDetected += told.Add;
        LoseBlock(runtime.CreateMemoryPool());
        LoseItem(runtime.CreateObjectPool(new StringBuilderPooledObjectPolicy()));
        LoseFolio(runtime);
        return (new WeakReference(runtime), told);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseWell(SlabMemoryPool pool)
    {
        pool.Rent().Dispose();
        var owner = pool.Rent();
        using (owner.Memory.Pin())
            owner.Dispose();
        owner = pool.Rent();
        using (PipeSegment.SequenceOf(owner.Memory).Retain())
            owner.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoseRetained(SlabMemoryPool pool)
    {
        using var owner = pool.Rent();
        GC.KeepAlive(PipeSegment.SequenceOf(owner.Memory).Retain());
    }
}
