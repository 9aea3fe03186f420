using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Caches whose threads exchange free slots through a depot.</summary>
[TestFixture(32)]
[TestFixture(8)]
public sealed class SlabDepotTests(int generationBits) : RuntimeFixture(generationBits)
{
    private const int Objects = 4096;

    private static readonly SlabCacheOptions s_options = new() { ThreadCacheCapacity = 8, SlabOrder = 0 };

    [Test]
    public void Hazard25_what_a_thread_frees_that_never_rents_is_had_by_the_others()
    {
        var cache = Pool.CreateCache<long>("passed-on", s_options);
        using var handles = new System.Collections.Concurrent.BlockingCollection<SlabHandle<long>>(boundedCapacity: 64);
        var freer = new Thread(() =>
        {
            foreach (var handle in handles.GetConsumingEnumerable())
                cache.Return(handle);
        });
        freer.Start();
        for (var i = 0; i < Objects; i++)
            handles.Add(cache.Rent());
        handles.CompleteAdding();
        freer.Join();

        var statistics = cache.Untyped.Statistics();
        Assert.That(statistics.ActiveObjects, Is.Zero);
        Assert.That(statistics.SlabsCreated, Is.LessThan(8), "what was freed was rented again");
    }

    [Test]
    public void A_trim_takes_what_is_in_the_depot()
    {
        var cache = Pool.CreateCache<long>("burst", s_options with { EmptySlabsKept = 0 });
        using var other = new OtherThread(() => cache.Return(cache.Rent()));
        Burst(cache);
        Assert.That(cache.Untyped.Statistics().SharedObjects, Is.Positive);

        cache.Untyped.Trim();

        var statistics = cache.Untyped.Statistics();
        Assert.That((statistics.SharedObjects, statistics.TotalSlabs), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void What_nobody_needed_leaves_the_depot_by_itself()
    {
        var cache = Pool.CreateCache<long>("idle", s_options with { EmptySlabsKept = 0 });
        using var other = new OtherThread(() => cache.Return(cache.Rent()));
        Burst(cache);
        for (var look = 0; look < 3; look++)
            Pool.Trim(TrimLevel.Idle);
        var statistics = cache.Untyped.Statistics();
        Assert.That((statistics.SharedObjects, statistics.TotalSlabs), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void Hazard33_a_disposed_cache_leaves_nothing_in_its_depot()
    {
        for (var round = 0; round < 50; round++)
        {
            var cache = Pool.CreateCache<long>("ended", s_options);
            using var start = new Barrier(3);
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    for (var i = 0; i < 20; i++)
                        Burst(cache, 24);
                }
                catch (ObjectDisposedException)
                {
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            start.SignalAndWait();
            cache.Dispose();
            Array.ForEach(threads, thread => thread.Join());
        }

        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "L8");
    }

    // As many as there are, rented by one thread and returned by another, again and again: the last ones are found wherever they are.
    [Test]
    public void No_slot_is_out_of_reach_in_a_depot_when_there_is_no_memory()
    {
        var cache = Pool.CreateByteCache("all", 1 << 16, new SlabCacheOptions { ThreadCacheCapacity = 4, TrustPriorContent = true });
        var handles = new List<SlabHandle>();
        while (cache.TryRent(out var handle))
            handles.Add(handle);
        var all = handles.Count;
        for (var round = 0; round < 5; round++)
        {
            using (new OtherThread(() => handles.ForEach(cache.Return)))
            {
                handles.Clear();
                while (cache.TryRent(out var handle))
                    handles.Add(handle);
                Assert.That(handles, Has.Count.EqualTo(all));
            }
        }

        handles.ForEach(cache.Return);
    }

    private static void Burst(SlabCache<long> cache, int objects = 200)
    {
        var handles = new List<SlabHandle<long>>();
        try
        {
            for (var i = 0; i < objects; i++)
                handles.Add(cache.Rent());
        }
        finally
        {
            handles.ForEach(cache.Return);
        }
    }
}
