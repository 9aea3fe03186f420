using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests;

/// <summary>An option out of its range is refused by name, before anything is reserved or registered.</summary>
public sealed class OptionsTests
{
    private static readonly PoolRuntimeOptions s_small = new() { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20 };

    private static IEnumerable<TestCaseData> WrongRuntimeOptions()
    {
        yield return Case(nameof(PoolRuntimeOptions.CapacityBytes), s_small with { CapacityBytes = 0 });
        yield return Case(nameof(PoolRuntimeOptions.CapacityBytes), s_small with { CapacityBytes = 4095 });
        yield return Case(nameof(PoolRuntimeOptions.CapacityBytes), s_small with { CapacityBytes = PoolRuntimeOptions.LargestReservationBytes + 1 });
        yield return Case(nameof(PoolRuntimeOptions.ReservationBytes), s_small with { ReservationBytes = (1 << 20) - 1 });
        yield return Case(nameof(PoolRuntimeOptions.ReservationBytes), s_small with { ReservationBytes = PoolRuntimeOptions.LargestReservationBytes + 1 });
        yield return Case(nameof(PoolRuntimeOptions.MaxOrder), s_small with { MaxOrder = -1 });
        yield return Case(nameof(PoolRuntimeOptions.MaxOrder), s_small with { MaxOrder = 19 });
        yield return Case(nameof(PoolRuntimeOptions.Backing), s_small with { Backing = (MemoryBacking)99 });
        yield return Case(nameof(PoolRuntimeOptions.GenerationBits), s_small with { GenerationBits = 1 });
        yield return Case(nameof(PoolRuntimeOptions.GenerationBits), s_small with { GenerationBits = 33 });
        yield return Case(nameof(PoolRuntimeOptions.ThreadPageCapacity), s_small with { ThreadPageCapacity = -1 });
        yield return Case(nameof(PoolRuntimeOptions.ThreadPageCapacity), s_small with { ThreadPageCapacity = 4097 });
        yield return Case(nameof(PoolRuntimeOptions.HugePages), s_small with { HugePages = (HugePageMode)3 });
        yield return Case(nameof(PoolRuntimeOptions.HugePages), s_small with { HugePages = HugePageMode.Explicit, MaxOrder = 8 });
        yield return Case(nameof(PoolRuntimeOptions.HighWatermark), s_small with { HighWatermark = 0.51 });
        yield return Case(nameof(PoolRuntimeOptions.HighWatermark), s_small with { HighWatermark = double.NaN });
        yield return Case(nameof(PoolRuntimeOptions.LowWatermark), s_small with { LowWatermark = -0.01 });
        yield return Case(nameof(PoolRuntimeOptions.LowWatermark), s_small with { LowWatermark = 0.2, HighWatermark = 0.1 });
        yield return Case(nameof(PoolRuntimeOptions.MinWatermark), s_small with { MinWatermark = 0.1, LowWatermark = 0.05, HighWatermark = 0.2 });
        yield return Case(nameof(PoolRuntimeOptions.MinWatermark), s_small with { MinWatermark = double.NegativeInfinity });
        yield return Case(nameof(PoolRuntimeOptions.TrimInterval), s_small with { TrimInterval = TimeSpan.Zero });
        yield return Case(nameof(PoolRuntimeOptions.TrimInterval), s_small with { TrimInterval = TimeSpan.FromMilliseconds(-2) });
        yield return Case(nameof(PoolRuntimeOptions.TrimInterval), s_small with { TrimInterval = TimeSpan.FromMilliseconds(9) });
        yield return Case(nameof(PoolRuntimeOptions.TrimInterval), s_small with { TrimInterval = TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1) });
    }

    private static IEnumerable<TestCaseData> WrongCacheOptions()
    {
        yield return Case(nameof(SlabCacheOptions.Discipline), new SlabCacheOptions { Discipline = (SlabDiscipline)2 });
        yield return Case(nameof(SlabCacheOptions.Discipline), new SlabCacheOptions { Discipline = (SlabDiscipline)(-1) });
        yield return Case(nameof(SlabCacheOptions.AlignmentBytes), new SlabCacheOptions { AlignmentBytes = -8 });
        yield return Case(nameof(SlabCacheOptions.AlignmentBytes), new SlabCacheOptions { AlignmentBytes = 24 });
        yield return Case(nameof(SlabCacheOptions.AlignmentBytes), new SlabCacheOptions { AlignmentBytes = 8192 });
        yield return Case(nameof(SlabCacheOptions.ThreadCacheCapacity), new SlabCacheOptions { ThreadCacheCapacity = -1 });
        yield return Case(nameof(SlabCacheOptions.ThreadCacheCapacity), new SlabCacheOptions { ThreadCacheCapacity = 65536 });
        yield return Case(nameof(SlabCacheOptions.EmptySlabsKept), new SlabCacheOptions { EmptySlabsKept = -1 });
        yield return Case(nameof(SlabCacheOptions.Debug), new SlabCacheOptions { Debug = (SlabDebugOptions)16 });
        yield return Case(nameof(SlabCacheOptions.Debug), new SlabCacheOptions { Debug = (SlabDebugOptions)(-1) });
        yield return Case(nameof(SlabCacheOptions.GuardSampleInterval), new SlabCacheOptions { GuardSampleInterval = -1 });
        yield return Case(nameof(SlabCacheOptions.LeakSampleInterval), new SlabCacheOptions { LeakSampleInterval = -1 });
        yield return Case(nameof(SlabCacheOptions.LeakAgeLimit), new SlabCacheOptions { LeakSampleInterval = 1, LeakAgeLimit = TimeSpan.Zero });
        yield return Case(nameof(SlabCacheOptions.LeakAgeLimit), new SlabCacheOptions { LeakAgeLimit = TimeSpan.FromMinutes(1) });
        yield return Case(nameof(SlabCacheOptions.GuardedObjectsLimit), new SlabCacheOptions { GuardedObjectsLimit = 0 });
        yield return Case(nameof(SlabCacheOptions.GuardedObjectsLimit), new SlabCacheOptions { GuardedObjectsLimit = 4097 });
        yield return Case(nameof(SlabCacheOptions.SlabOrder), new SlabCacheOptions { SlabOrder = -1 });
        yield return Case(nameof(SlabCacheOptions.SlabOrder), new SlabCacheOptions { SlabOrder = 11 });
        yield return Case(nameof(SlabCacheOptions.SlabOrder), new SlabCacheOptions { SlabOrder = int.MaxValue });
    }

    [TestCaseSource(nameof(WrongRuntimeOptions))]
    public void A_runtime_option_out_of_range_names_itself(string name, PoolRuntimeOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ = new PoolRuntime(options))!;
        Assert.That(error.Message, Does.Contain(name));
    }

    [TestCaseSource(nameof(WrongCacheOptions))]
    public void A_cache_option_out_of_range_names_itself_and_registers_nothing(string name, SlabCacheOptions options)
    {
        using var pool = new PoolRuntime(s_small);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateByteCache("cache", 64, options))!;
        Assert.That(error.Message, Does.Contain(name).IgnoreCase);
        Assert.That(pool.Snapshot().Caches, Is.Empty);
        using var cache = pool.CreateByteCache("cache", 64);
        cache.Return(cache.Rent());
    }

    [Test]
    public void A_slab_smaller_than_an_object_and_a_size_that_no_order_holds_are_refused()
    {
        using var pool = new PoolRuntime(s_small with { MaxOrder = 2 });
        Assert.That(
            Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateByteCache("cache", 5000, new SlabCacheOptions { SlabOrder = 0 }))!.Message,
            Does.Contain(nameof(SlabCacheOptions.SlabOrder)));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateByteCache("cache", 20_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateMemoryPool(0));
        Assert.Throws<ArgumentException>(() => pool.CreateByteCache(" ", 64));
        Assert.Throws<ArgumentNullException>(() => _ = new PoolRuntime(s_small with { TimeProvider = null! }));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateObjectPool(new Microsoft.Extensions.ObjectPool.DefaultPooledObjectPolicy<object>(), maximumRetained: -1));
        Assert.That(pool.Snapshot().Caches, Is.Empty);
    }

    [Test]
    public void The_limits_themselves_are_accepted()
    {
        using var largest = new PoolRuntime(s_small with { ReservationBytes = PoolRuntimeOptions.LargestReservationBytes, MaxOrder = 18, ThreadPageCapacity = 4096, TrimInterval = TimeSpan.FromDays(1), MinWatermark = 0.5, LowWatermark = 0.5, HighWatermark = 0.5 });
        using var smallest = new PoolRuntime(new PoolRuntimeOptions { CapacityBytes = 4096, ReservationBytes = 4096, MaxOrder = 0, GenerationBits = 2, ThreadPageCapacity = 0, TrimInterval = TimeSpan.FromMilliseconds(10) });
        foreach (var pool in new[] { largest, smallest })
        {
            var cache = pool.CreateCache<byte>("bytes", new SlabCacheOptions { AlignmentBytes = 1, ThreadCacheCapacity = 65535, EmptySlabsKept = int.MaxValue });
            cache.Return(cache.Rent());
        }
    }

    [Test]
    public void The_defaults_make_a_runtime()
    {
        using var pool = new PoolRuntime();
        Assert.That(pool.CapacityBytes, Is.InRange(1L << 20, Math.Max(1L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4)));
        var cache = pool.CreateCache<long>("node");
        cache.Return(cache.Rent());
    }

    private static TestCaseData Case(string name, object options) => new(name, options) { TestName = $"{{m}}({name}: {Value(options, name)})" };

    private static object? Value(object options, string name) => options.GetType().GetProperty(name)!.GetValue(options);
}
