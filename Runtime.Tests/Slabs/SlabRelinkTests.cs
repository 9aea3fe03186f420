using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>After damage the lists and counts of slabs are made anew: what was sound is as it was, what else is damaged goes too, and worn slabs stay out of use.</summary>
public sealed class SlabRelinkTests() : RuntimeFixture(generationBits: 2)
{
    private const int SizeBytes = 1024;
    private const int PerSlab = 4;

    protected override PoolRuntimeOptions Options => base.Options with { ThreadPageCapacity = 0, FirstGeneration = 1 };

    private static SlabCacheOptions OnePageSlabs => Uncached with { SlabOrder = 0 };

    public enum Second
    {
        Cookie,
        MoreFree,
        ManyRetired,
        RetiredPastTheEnd,
    }

    [Test]
    public void Another_damaged_slab_is_found_on_the_way_and_named([Values] Second damage)
    {
        var cache = Pool.CreateByteCache("damaged", SizeBytes, OnePageSlabs);
        var slabs = Fill(cache, 3);
        HeaderOf(slabs[1][0]).Cookie ^= 1;
        ref var second = ref HeaderOf(slabs[2][0]);
        switch (damage)
        {
            case Second.Cookie:
                second.Cookie ^= 1;
                break;
            case Second.MoreFree:
                second.FreeCount++;
                break;
            case Second.ManyRetired:
                second.RetiredCount = uint.MaxValue;
                break;
            default:
                second.RetiredCount = PerSlab + 1;
                break;
        }

        cache.Return(slabs[1][3]);

        Assert.That(Violations.Select(violation => (violation.Kind, violation.Index)), Is.EqualTo(new[]
        {
            (ViolationKind.Corruption, slabs[1][3].Index), (ViolationKind.Corruption, HeadOf(slabs[2][0]) << Pool.Slabs.Tables.SlotShift),
        }));
        var statistics = cache.Statistics();
        Assert.That((statistics.TotalSlabs, statistics.QuarantinedSlabs, statistics.TotalObjects, statistics.ActiveObjects), Is.EqualTo((3, 2, 3 * PerSlab, PerSlab)));
        cache.ReturnMany(slabs[0]);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(2));
    }

    [Test]
    public void Counts_and_places_of_sound_slabs_are_as_before()
    {
        var cache = Pool.CreateByteCache("damaged", SizeBytes, OnePageSlabs with { EmptySlabsKept = 1 });
        var worn = Wear(cache);
        var slabs = Fill(cache, 3);
        cache.Return(slabs[0][1]);
        cache.ReturnMany(slabs[1]);
        var before = cache.Statistics();
        Assert.That((before.WornSlabs, before.RetiredObjects, before.TotalSlabs, before.ActiveSlabs), Is.EqualTo((1, 3, 4, 3)));
        HeaderOf(slabs[2][0]).Cookie ^= 1;

        cache.Return(slabs[2][0]);

        var after = cache.Statistics();
        Assert.That((after.WornSlabs, after.RetiredObjects, after.TotalSlabs, after.QuarantinedSlabs), Is.EqualTo((1, 3, 4, 1)));
        Assert.That(after.ActiveObjects, Is.EqualTo(before.ActiveObjects - PerSlab), "those of the quarantined slab are no longer counted");
        Assert.That(cache.Store.IsValid(), Is.True);
        var again = new SlabHandle[1 + PerSlab];
        Assert.That(cache.TryRentMany(again), Is.EqualTo(again.Length));
        Assert.That(again.Select(handle => HeadOf(handle)), Is.EquivalentTo(Enumerable.Repeat(HeadOf(slabs[0][0]), 1).Concat(Enumerable.Repeat(HeadOf(slabs[1][0]), PerSlab))), "the partial slab, then the empty one");
        Assert.That(cache.Statistics().SlabsCreated, Is.EqualTo(before.SlabsCreated));
        var more = cache.Rent();
        Assert.That(HeadOf(more), Is.Not.EqualTo(HeadOf(worn)), "the worn one is left alone");
    }

    [Test]
    public void A_slab_whose_slots_are_mostly_spent_is_taken_off_its_list_at_once()
    {
        var cache = Pool.CreateByteCache("worn", SizeBytes, OnePageSlabs);
        var worn = Wear(cache);
        var next = cache.Rent();
        Assert.That(HeadOf(next), Is.Not.EqualTo(HeadOf(worn)));
        Assert.That(cache.Store.IsValid(), Is.True);
        cache.Return(next);
        cache.Return(worn);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "it goes back with its last object");
        Assert.That((cache.Statistics().WornSlabs, cache.Statistics().RetiredObjects, cache.Statistics().RetiredEver), Is.EqualTo((0L, 0L, 3L)), "and is no longer counted");
    }

    [Test]
    public void A_new_slab_on_words_that_are_partly_spent_counts_those_as_retired()
    {
        var cache = Pool.CreateByteCache("small", 16, OnePageSlabs);
        cache.Return(cache.Rent());
        cache.Return(cache.Rent());
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);

        var handle = cache.Rent();

        Assert.That((cache.Statistics().RetiredObjects, cache.Statistics().ActiveObjects), Is.EqualTo((1L, 1L)));
        cache.Return(handle);
    }

    [Test]
    public void A_validation_finds_that_more_slots_are_free_and_retired_than_there_are()
    {
        var cache = Pool.CreateByteCache("counted", SizeBytes, OnePageSlabs);
        var handle = cache.Rent();
        HeaderOf(handle).RetiredCount = 2;

        Assert.That(cache.Validate(), Is.EqualTo(1));

        Assert.That((Violations.Single().Kind, Violations[0].Index), Is.EqualTo((ViolationKind.Corruption, handle.Index)));
        cache.Return(handle);
    }

    [Test]
    public void Statistics_take_in_what_threads_that_have_ended_kept()
    {
        var cache = Pool.CreateByteCache("ended", SizeBytes, new SlabCacheOptions { ThreadCacheCapacity = 8 });
        TestThreads.Run(1, _ => cache.Return(cache.Rent()));
        Assert.That((cache.Statistics().CachedObjects, cache.Statistics().ActiveObjects), Is.EqualTo((0L, 0L)));
        Assert.That(cache.Statistics().ActiveSlabs, Is.Zero);
    }

    [Test]
    public void A_partial_slab_that_becomes_worn_is_not_rented_from_unless_all_slabs_are_kept([Values] bool keepsAll)
    {
        const int SmallBytes = 512;
        var cache = Pool.CreateByteCache("worn", SmallBytes, OnePageSlabs with { EmptySlabsKept = keepsAll ? int.MaxValue : 0 });
        var held = new SlabHandle[4096 / SmallBytes];
        Assert.That(cache.TryRentMany(held), Is.EqualTo(held.Length));
        cache.ReturnMany(held.AsSpan(5, 2));
        for (var i = 0; i < 5; i++)
        {
            cache.Return(held[i]);
            held[i] = cache.Rent();
        }

        cache.ReturnMany(held.AsSpan(0, 5));
        Assert.That(cache.Statistics().RetiredObjects, Is.EqualTo(5));
        var next = cache.Rent();
        Assert.That(HeadOf(next) == HeadOf(held[7]), Is.EqualTo(keepsAll));
        Assert.That(cache.Store.IsValid(), Is.True);
        cache.Return(next);
        Assert.That(cache.Statistics().WornSlabs, Is.EqualTo(1), "once, also when one more of its slots is spent");
        Assert.That(Pool.Slabs.Tables.Frame(HeadOf(held[7])).RetiredSlotWords, Is.EqualTo(keepsAll ? 6 : 5));
        cache.Return(held[7]);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(keepsAll ? 1 : 0));
    }

    [Test]
    public void A_cache_that_keeps_all_slabs_uses_a_worn_one_to_its_end_and_gives_it_back_then()
    {
        var cache = Pool.CreateByteCache("kept", SizeBytes, OnePageSlabs with { EmptySlabsKept = int.MaxValue });
        var last = Wear(cache);
        cache.Return(last);
        Assert.That(AllocatedFramesAfterTrim(), Is.EqualTo(1), "kept: one slot is good for one more life");
        var again = cache.Rent();
        Assert.That(HeadOf(again), Is.EqualTo(HeadOf(last)));
        cache.Return(again);
        Assert.That(cache.Statistics().RetiredEver, Is.EqualTo(PerSlab));
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "nothing in it can be rented any more");
    }

    [Test]
    public unsafe void A_free_list_without_debugging_is_compared_with_its_count_on_demand()
    {
        var cache = Pool.CreateByteCache("damaged", SizeBytes, OnePageSlabs);
        var slabs = Fill(cache, 2);
        cache.Return(slabs[1][1]);
        *(ulong*)Pool.Slabs.Tables.SlotBitmapAddress(HeadOf(slabs[1][0])) ^= 1;

        Assert.That(cache.Validate(), Is.EqualTo(1));

        Assert.That(Violations.Single().Index, Is.EqualTo(slabs[1][0].Index));
        Assert.That(Violations[0].ToString(), Does.Contain("the slab's free slots and their count differ; the slab is quarantined"));
        Assert.That(cache.Validate(), Is.Zero);
    }

    [Test]
    public void A_list_that_does_not_hold_together_is_told_by_a_slab_that_is_on_it([Values] bool empty)
    {
        var cache = Pool.CreateByteCache("damaged", SizeBytes, OnePageSlabs with { EmptySlabsKept = 4 });
        var slabs = Fill(cache, 3);
        if (empty)
            cache.ReturnMany(slabs[1]);
        else
            cache.Return(slabs[1][0]);
        HeaderOf(slabs[1][0]).Next = 777;

        Assert.That(cache.Validate(), Is.EqualTo(1));

        Assert.That((Violations.Single().Kind, Violations[0].Index), Is.EqualTo((ViolationKind.Corruption, HeadOf(slabs[1][0]) << Pool.Slabs.Tables.SlotShift)));
        Assert.That(cache.Statistics().QuarantinedSlabs, Is.Zero);
        Assert.That((cache.Validate(), cache.Store.IsValid()), Is.EqualTo((0, true)));
    }

    [Test]
    public void The_audit_of_the_lists_sees_each_count_that_is_wrong([Values] Second damage)
    {
        var cache = Pool.CreateByteCache("audited", SizeBytes, OnePageSlabs with { EmptySlabsKept = 1 });
        var handle = cache.Rent();
        ref var header = ref HeaderOf(handle);
        var before = header;
        Assert.That(cache.Store.IsValid(), Is.True);
        switch (damage)
        {
            case Second.Cookie:
                header.Cookie ^= 1;
                break;
            case Second.MoreFree:
                header.FreeCount++;
                break;
            case Second.ManyRetired:
                header.RetiredCount = 2;
                break;
            default:
                header.RetiredCount = PerSlab - header.FreeCount;
                break;
        }

        Assert.That(cache.Store.IsValid(), Is.False, $"{damage}");
        header = before;
        cache.Return(handle);
    }

    /// <summary>Makes a slab three of whose four slots are spent, while it is partial. Returns a handle of the fourth, rented in its first life.</summary>
    private static SlabHandle Wear(SlabCache cache)
    {
        var held = new SlabHandle[PerSlab];
        Assert.That(cache.TryRentMany(held), Is.EqualTo(PerSlab));
        for (var life = 0; life < 2; life++)
        {
            for (var i = 0; i < PerSlab - 1; i++)
            {
                cache.Return(held[i]);
                if (life == 0)
                    held[i] = cache.Rent();
            }
        }

        return held[PerSlab - 1];
    }

    private static SlabHandle[][] Fill(SlabCache cache, int slabs)
    {
        var handles = new SlabHandle[slabs * PerSlab];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(handles.Length));
        return [.. handles.Chunk(PerSlab)];
    }

    private uint HeadOf(SlabHandle handle) => Pool.Slabs.Tables.Frame(handle.Index >> Pool.Slabs.Tables.SlotShift).SlabHead;

    private ref SlabHeader HeaderOf(SlabHandle handle) => ref Pool.Slabs.Tables.Header(HeadOf(handle));
}
