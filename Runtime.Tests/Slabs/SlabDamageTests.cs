using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Wild writes into the slab layer's own tables, and slots that come back twice: the slab stops, the rest goes on.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabDamageTests(int generationBits) : RuntimeFixture(generationBits)
{
    private const int PerSlab = 256;

    public enum Damage
    {
        Cookie,
        FirstIndex,
        SlotCount,
        FrameCount,
        Zeroed,
        Filled,
    }

    protected override PoolRuntimeOptions Options => base.Options with { ThreadPageCapacity = 0 };

    private static SlabCacheOptions OnePageSlabs => Uncached with { SlabOrder = 0, EmptySlabsKept = 8 };

    [Test]
    public void A_damaged_header_stops_its_slab_and_nothing_else(
        [Values] Damage damage, [Values(0, 1, 2)] int which, [Values(SlabDebugOptions.None, SlabDebugOptions.Stacks)] SlabDebugOptions debug)
    {
        var cache = Pool.CreateCache<long>("damaged", OnePageSlabs with { Debug = debug });
        var slabs = FillThree(cache);

        // Slab 0 stays full, 1 becomes partial, 2 empty.
        cache.Return(slabs[1][0]);
        cache.ReturnMany(slabs[2]);
        var head = slabs[which][0].Index >> Pool.Slabs.Tables.SlotShift;
        Hurt(ref Pool.Slabs.Tables.Header(head), damage);

        cache.ReturnMany(slabs[0]);
        cache.ReturnMany(slabs[1].AsSpan(1));
        var again = new SlabHandle<long>[4 * PerSlab];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        cache.Trim();

        Assert.That(again, Is.Unique);
        Assert.That(again.Select(handle => handle.Index >> Pool.Slabs.Tables.SlotShift), Has.None.EqualTo(head), "never handed out again");
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.Corruption }));
        RequireNamed(Violations[0], slabs[which], debug);
        Assert.That(Violations[0].ToString(), Does.Contain("damaged").And.Contain("quarantined"));
        Assert.That(Violations[0].Index >> Pool.Slabs.Tables.SlotShift, Is.EqualTo(head));
        var statistics = cache.Untyped.Statistics();
        Assert.That(statistics.QuarantinedSlabs, Is.EqualTo(1));
        Assert.That(statistics.ActiveObjects, Is.EqualTo(again.Length));
        Assert.That(cache.Untyped.Store.IsValid(), Is.True);
        cache.ReturnMany(again);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(1), "the damaged slab's page is kept out of use");
    }

    [Test]
    public void A_worn_slab_that_is_quarantined_is_counted_as_quarantined_only()
    {
        using var pool = new PoolRuntime(Options with { GenerationBits = 2 });
        var cache = pool.CreateByteCache("worn", 1024, OnePageSlabs);
        var held = cache.Rent();
        var head = held.Index >> pool.Slabs.Tables.SlotShift;
        while (cache.Statistics().WornSlabs == 0)
            cache.Return(cache.Rent());

        Hurt(ref pool.Slabs.Tables.Header(head), Damage.Cookie);
        cache.Return(held);

        Assert.That((cache.Statistics().WornSlabs, cache.Statistics().QuarantinedSlabs), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Objects_out_of_a_quarantined_slab_stay_valid()
    {
        var cache = Pool.CreateCache<long>("damaged", OnePageSlabs);
        var slabs = FillThree(cache);
        cache.ValueOf(slabs[0][7]) = 77;
        Hurt(ref Pool.Slabs.Tables.Header(slabs[0][0].Index >> Pool.Slabs.Tables.SlotShift), Damage.Cookie);
        cache.Return(slabs[0][0]);
        Assert.That(Violations, Has.Count.EqualTo(1));

        Assert.That(cache.ValueOf(slabs[0][7]), Is.EqualTo(77));
        Assert.That(cache.TryGet(slabs[0][7], out var reference), Is.True);
        reference.Dispose();
        cache.Return(slabs[0][7]);
        Assert.That(cache.TryReturn(slabs[0][7]), Is.False);
        Assert.That(Violations, Has.Count.EqualTo(2), "the second return; the damage is reported once");
    }

    [Test]
    public void Damaged_links_are_never_followed([Values(777u, 0xdeadbeefu, uint.MaxValue)] uint link, [Values] bool next)
    {
        var cache = Pool.CreateCache<long>("damaged", OnePageSlabs);
        var slabs = FillThree(cache);
        foreach (var slab in slabs)
            cache.Return(slab[0]);
        ref var header = ref Pool.Slabs.Tables.Header(slabs[1][0].Index >> Pool.Slabs.Tables.SlotShift);
        (next ? ref header.Next : ref header.Previous) = link;

        foreach (var slab in slabs)
            cache.ReturnMany(slab.AsSpan(1));
        var again = new SlabHandle<long>[4 * PerSlab];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        Assert.That(again, Is.Unique);
        Assert.That(Violations.Select(violation => violation.Kind), Is.Not.Empty.And.All.EqualTo(ViolationKind.Corruption));
        Assert.That(Violations.Select(violation => violation.Index), Is.SubsetOf(slabs.Select(slab => slab[0].Index)), "the first slot of a slab on the list");
        Assert.That(cache.Untyped.Store.IsValid(), Is.True);
        cache.ReturnMany(again);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "no slab was damaged beyond its links");
    }

    [Test]
    public unsafe void A_damaged_bitmap_stops_its_slab([Values] bool lost)
    {
        var cache = Pool.CreateCache<long>("damaged", OnePageSlabs);
        var slabs = FillThree(cache);
        cache.ReturnMany(slabs[1].AsSpan(0, 10));
        var head = slabs[1][0].Index >> Pool.Slabs.Tables.SlotShift;
        new Span<ulong>((void*)Pool.Slabs.Tables.SlotBitmapAddress(head), PerSlab / 64).Fill(lost ? 0 : ulong.MaxValue);

        var again = new SlabHandle<long>[PerSlab];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        Assert.That(slabs[1].AsSpan(10).ToArray().All(handle => cache.TryReturn(handle)), Is.True);

        // More bits than there are free slots can be seen only when the count runs out: nothing in use may be handed out before that.
        Assert.That(again.Concat(slabs[0]).Concat(slabs[2]).Select(handle => handle.Index), Is.Unique);
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.Corruption }));
    }

    [Test]
    public void A_slot_given_back_twice_stops_its_slab_and_is_never_in_circulation_twice()
    {
        var cache = Pool.CreateCache<long>("damaged", OnePageSlabs);
        var slabs = FillThree(cache);
        cache.Return(slabs[1][0]);
        cache.Untyped.Store.Give([slabs[1][0].Index]);

        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.Corruption));
        Assert.That(Violations[0].ToString(), Does.Contain($"slot {slabs[1][0].Index}"));
        var again = new SlabHandle<long>[PerSlab];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        Assert.That(again.Select(handle => handle.Index), Has.None.EqualTo(slabs[1][0].Index));
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.EqualTo(3 * PerSlab), "all but the quarantined slab's");
    }

    [Test]
    public void A_slot_given_back_after_its_slab_went_to_another_cache_is_reported_and_that_cache_is_untouched()
    {
        var first = Pool.CreateCache<long>("first", Uncached with { SlabOrder = 0 });
        var second = Pool.CreateCache<long>("second", Uncached with { SlabOrder = 0 });
        var handle = first.Rent();
        first.Return(handle);
        var theirs = second.Rent();
        Assert.That(theirs.Index, Is.EqualTo(handle.Index), "the page changed hands");

        first.Untyped.Store.Give([handle.Index]);
        first.Untyped.Store.Retire(handle.Index);

        Assert.That(Violations.Select(violation => (violation.Kind, violation.Subject)), Is.EqualTo(new[] { (ViolationKind.Corruption, "first"), (ViolationKind.Corruption, "first") }));
        Assert.That(second.Untyped.Statistics().QuarantinedSlabs, Is.Zero);
        second.Return(theirs);
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Hazard28_a_listener_may_use_the_cache_and_wait_for_others_that_do_when_damage_is_found_during_a_drain()
    {
        var cache = Pool.CreateCache<long>("damaged", OnePageSlabs with { ThreadCacheCapacity = 60 });
        var handles = new SlabHandle<long>[50];
        cache.TryRentMany(handles);
        cache.ReturnMany(handles);
        Hurt(ref Pool.Slabs.Tables.Header(handles[0].Index >> Pool.Slabs.Tables.SlotShift), Damage.Cookie);
        var heard = 0;
        Pool.ViolationDetected += _ =>
        {
            heard++;
            UseEverything(cache);
            new OtherThread(() => UseEverything(cache)).Dispose();
        };

        cache.Trim();

        Assert.That(heard, Is.EqualTo(1));
        Assert.That(Pool.Snapshot().ToString(), Does.Contain("Corruption 1"));
        cache.Return(cache.Rent());
    }

    /// <summary>One of these objects, each of which was rented once; with stacks also who did that, and who returned it: until then nobody looks at the header.</summary>
    private static void RequireNamed(Violation violation, SlabHandle<long>[] slab, SlabDebugOptions debug)
    {
        var handle = slab.Single(handle => handle.Index == violation.Index);
        Assert.That(violation.ToString(), Does.StartWith($"Corruption: damaged (System.Int64), slot {handle.Index}, generation {handle.Generation}: "));
        if (debug == SlabDebugOptions.None)
            return;
        Assert.That(violation.RentedBy!.Stack, Does.Contain(nameof(FillThree)));
        Assert.That(violation.ReturnedBy!.Stack, Does.Contain(nameof(A_damaged_header_stops_its_slab_and_nothing_else)));
        Assert.That((violation.RentedBy.Generation, violation.ReturnedBy.Generation), Is.EqualTo((handle.Generation, handle.Generation)));
    }

    private void UseEverything(SlabCache<long> cache)
    {
        cache.Trim();
        cache.Return(cache.Rent());
        Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(1));
        Pool.Trim();
    }

    private static SlabHandle<long>[][] FillThree(SlabCache<long> cache) =>
        [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, PerSlab).Select(_ => cache.Rent()).ToArray())];

    private static void Hurt(ref SlabHeader header, Damage damage)
    {
        switch (damage)
        {
            case Damage.Cookie:
                header.Cookie ^= 1ul << 40;
                break;
            case Damage.FirstIndex:
                header.FirstIndex += 3;
                break;
            case Damage.SlotCount:
                header.SlotCount = 1 << 30;
                break;
            case Damage.FrameCount:
                header.FrameCount = uint.MaxValue;
                break;
            case Damage.Zeroed:
                header = default;
                break;
            default:
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<SlabHeader>(ref header)).Fill(0xff);
                break;
        }
    }
}
