using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>What a trim of the idle level takes, and what it leaves.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class IdleTrimTests(int generationBits) : RuntimeFixture(generationBits)
{
    // The first of few generations, so that no page here becomes unfit to head a folio half-way.
    protected override PoolRuntimeOptions Options => base.Options with { FirstGeneration = 1 };

    private static readonly SlabCacheOptions s_keeping = new() { ThreadCacheCapacity = 0, EmptySlabsKept = 10, SlabOrder = 0 };

    [Test]
    public void A_threads_objects_go_when_its_stack_lay_still_and_not_before()
    {
        var cache = Pool.CreateByteCache("blocks", 512);
        FillAndEmpty(cache, 40);
        var kept = Of(cache).CachedObjects;
        Assert.That(kept, Is.Positive);
        Pool.Trim(TrimLevel.Idle);
        Assert.That(Of(cache).CachedObjects, Is.EqualTo(kept), "it was used in the first interval");
        Pool.Trim(TrimLevel.Idle);
        Assert.That(Of(cache).CachedObjects, Is.Zero);
    }

    [Test]
    public void A_stack_in_use_keeps_its_objects_while_anothers_goes()
    {
        var cache = Pool.CreateByteCache("blocks", 512, new SlabCacheOptions { ThreadCacheCapacity = 26 });
        using var other = new OtherThread(() => FillAndEmpty(cache, 40));
        FillAndEmpty(cache, 40);
        var both = Of(cache).CachedObjects;
        Pool.Trim(TrimLevel.Idle);
        var mine = 0L;
        for (var interval = 0; interval < 5; interval++)
        {
            FillAndEmpty(cache, 40);
            Pool.Trim(TrimLevel.Idle);
            mine = Of(cache).CachedObjects;
            Assert.That(mine, Is.Positive, "refilled and flushed in every interval");
        }

        Assert.That(mine, Is.LessThan(both), "the other thread's are gone");
    }

    [Test]
    public void Slabs_that_are_emptied_and_filled_in_every_interval_stay()
    {
        var cache = Pool.CreateByteCache("blocks", 1024, s_keeping);
        var perSlab = (int)Of(cache).ObjectsPerSlab;
        FillAndEmpty(cache, 6 * perSlab);
        Pool.Trim(TrimLevel.Idle);
        var made = Of(cache).SlabsCreated;

        // Fewer where the generations would be spent by then, and the slabs with them.
        for (var interval = 0; interval < (GenerationBits == 32 ? 5 : 2); interval++)
        {
            FillAndEmpty(cache, 6 * perSlab);
            Pool.Trim(TrimLevel.Idle);
        }

        Assert.That(Of(cache).SlabsCreated, Is.EqualTo(made), "none was given back and made again");
        Assert.That(Of(cache).TotalSlabs, Is.EqualTo(6));
    }

    [Test]
    public void Empty_slabs_beyond_the_most_that_were_needed_go()
    {
        var cache = Pool.CreateByteCache("blocks", 1024, s_keeping);
        var perSlab = (int)Of(cache).ObjectsPerSlab;
        FillAndEmpty(cache, 6 * perSlab);
        Pool.Trim(TrimLevel.Idle);
        FillAndEmpty(cache, 2 * perSlab);
        Pool.Trim(TrimLevel.Idle);
        Assert.That(Of(cache).TotalSlabs, Is.EqualTo(2));
        Pool.Trim(TrimLevel.Idle);
        Assert.That(Of(cache).TotalSlabs, Is.Zero, "and in the end all of them");
    }

    [Test]
    public void A_cache_that_keeps_everything_keeps_its_slabs()
    {
        var cache = Pool.CreateByteCache("blocks", 1024, s_keeping with { EmptySlabsKept = int.MaxValue });
        FillAndEmpty(cache, 20);
        var slabs = Of(cache).TotalSlabs;
        for (var interval = 0; interval < 4; interval++)
            Pool.Trim(TrimLevel.Idle);
        Assert.That(Of(cache).TotalSlabs, Is.EqualTo(slabs));
    }

    [Test]
    public void Free_pages_that_are_used_in_every_interval_keep_their_memory()
    {
        var order = new PageOrder(4);
        Pool.Folios.Return(Pool.Folios.Rent(order));
        Assert.That(Pool.Trim(TrimLevel.Idle), Is.Zero);
        for (var interval = 0; interval < 4; interval++)
        {
            Pool.Folios.Return(Pool.Folios.Rent(order));
            Assert.That(Pool.Trim(TrimLevel.Idle), Is.Zero, "in use meanwhile");
        }

        Assert.That(Pool.Trim(TrimLevel.Idle), Is.EqualTo(order.Bytes), "lay there for an interval");
        Assert.That(Pool.Trim(TrimLevel.Idle), Is.Zero);
    }

    [Test]
    public void A_level_that_there_isnt_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Trim((TrimLevel)2));

    [Test]
    public void After_the_end_there_is_nothing_to_give()
    {
        FillAndEmpty(Pool.CreateByteCache("blocks", 512), 100);
        Pool.Dispose();
        Assert.That(Pool.Trim(TrimLevel.Idle), Is.Zero);
        Assert.That(Pool.Trim(TrimLevel.Idle), Is.Zero);
    }

    private static void FillAndEmpty(SlabCache cache, int objects)
    {
        var handles = new SlabHandle[objects];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(objects));
        cache.ReturnMany(handles);
    }

    private static SlabCacheStatistics Of(SlabCache cache) => cache.Statistics();
}
