using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Wild writes into the tables that say which slots are free and whose they are.</summary>
[TestFixture(32, SlabDiscipline.Shared, MemoryBacking.Native)]
[TestFixture(3, SlabDiscipline.Exclusive, MemoryBacking.Native)]
[TestFixture(32, SlabDiscipline.Exclusive, MemoryBacking.PinnedArrays)]
public sealed class SlabDebugConsistencyTests(int generationBits, SlabDiscipline discipline, MemoryBacking backing)
    : SlabDebugFixture(generationBits, discipline, backing)
{
    private const SlabDebugOptions Checks = SlabDebugOptions.ConsistencyChecks | SlabDebugOptions.Stacks;
    private const SlabDebugOptions NoChecks = SlabDebugOptions.All & ~SlabDebugOptions.ConsistencyChecks;
    private const string InUseIsFree = "the free list says that a slot in use is free";
    private const string FreeIsInUse = "the free list says that a free slot is in use";

    public enum Finder
    {
        Rent,
        Return,
        Demand,
        End,
    }

    [Test]
    public void Free_list_that_says_a_free_slot_is_in_use([Values] Finder finder)
    {
        var cache = Create(Checks);
        var held = cache.Rent();
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        FlipFreeBit(handle);

        Find(cache, finder, held);

        RequireReport(cache, handle, FreeIsInUse);
        RequireTheRestGoesOn(cache, finder, handle);
    }

    [Test]
    public void Free_list_that_says_a_slot_in_use_is_free([Values] Finder finder)
    {
        var cache = Create(Checks);
        var held = cache.Rent();
        var handle = RentAgain(cache);
        cache.BytesOf(handle).Fill(7);
        FlipFreeBit(handle);

        Find(cache, finder, held);

        RequireReportOfLive(cache, handle, InUseIsFree);
        Assert.That(cache.BytesOf(handle).ContainsAnyExcept((byte)7), Is.False, "nobody else got it");
        cache.Return(handle);
        RequireTheRestGoesOn(cache, finder, handle);
    }

    [Test]
    public void Free_list_whose_errors_cancel_out_in_the_count()
    {
        var cache = Create(Checks);
        var handle = RentAgain(cache);
        FlipFreeBit(handle);
        FlipFreeBit(new SlabHandle(handle.Index + 1, 0));
        Assert.That(cache.Validate(), Is.EqualTo(1));
        RequireReportOfLive(cache, handle, InUseIsFree);
        cache.Return(handle);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void Without_debug_options_that_free_list_hands_out_a_slot_in_use()
    {
        using var pool = new PoolRuntime(Options);
        var cache = pool.CreateByteCache("unchecked", Size, Uncached with { SlabOrder = 0, Discipline = Discipline });
        var handle = cache.Rent();
        var next = cache.Rent();
        cache.Return(next);
        FlipFreeBit(pool, handle);
        FlipFreeBit(pool, next);
#if !DEBUG // There an assertion of the lifetime stops it.
        Assert.That(cache.Rent().Index, Is.EqualTo(handle.Index), "one slot, two owners");
        Assert.That(pool.ViolationCount(ViolationKind.Corruption), Is.Zero);
#endif
    }

    [Test]
    public void Without_consistency_checks_such_a_slot_goes_unnoticed_until_the_count_runs_out([Values(SlabDebugOptions.None, NoChecks)] SlabDebugOptions debug)
    {
        var cache = Create(debug);
        var handle = cache.Rent();
        cache.Return(handle);
        FlipFreeBit(handle);
        for (var i = 0; i < 3; i++)
            cache.Return(cache.Rent());
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Free_list_with_bits_beyond_the_last_slot([Values] Finder finder)
    {
        var cache = Create(Checks | SlabDebugOptions.RedZones);
        var handle = RentAgain(cache);
        var held = cache.Rent();
        var beyond = (uint)cache.Layout.SlotCount + 2;
        Assert.That(beyond, Is.LessThan(64), "still within the bitmap's word");
        FlipFreeBit(new SlabHandle(handle.Index + beyond, 0));

        Find(cache, finder, held);

        RequireReportOfLive(cache, handle, "the free list has bits beyond the last slot");
        cache.Return(handle);
        if (finder != Finder.End)
            RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void Lifetime_word_of_a_free_slot_that_came_to_life([Values(Finder.Rent, Finder.Demand)] Finder finder, [Values(LifetimeWord.Live, LifetimeWord.Owned, LifetimeWord.Live | LifetimeWord.Owned)] ulong bits)
    {
        var cache = Create(Checks);
        var held = cache.Rent();
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        Pool.Slabs.Tables.SlotWord(handle.Index) = handle.Generation | bits;

        Find(cache, finder, held);

        RequireReport(cache, handle, "the lifetime word of a free slot");
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void Header_cookie_found_by_a_return_names_the_slot_that_came_back()
    {
        var cache = Create(Checks);
        var held = cache.Rent();
        var handle = RentAgain(cache);
        DamageCookie(handle);

        ReturnHere(cache, handle);

        RequireReport(cache, handle, "the slab header's cookie is wrong");
        cache.Return(held);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void Header_cookie_found_otherwise_names_the_first_slot([Values(Finder.Rent, Finder.Demand)] Finder finder)
    {
        var cache = Create(Checks);
        var handle = RentAgain(cache);
        DamageCookie(handle);

        Find(cache, finder, held: default);

        RequireReportOfLive(cache, handle, "the slab header's cookie is wrong");
        cache.Return(handle);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void Header_cookie_of_a_cache_without_debug_options_is_found_on_demand_and_told_without_stacks()
    {
        var cache = Pool.CreateByteCache("damaged", Size, Uncached with { Discipline = Discipline, SlabOrder = 0 });
        var handle = cache.Rent();
        DamageCookie(handle);

        Find(cache, Finder.Demand, held: default);

        RequireReport(cache, handle, "the slab header's cookie is wrong");
        cache.Return(handle);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void A_list_of_slabs_that_does_not_hold_together_is_found_on_demand_and_made_anew()
    {
        var cache = Create(Checks);
        var handle = RentAgain(cache);
        Pool.Slabs.Tables.Header(handle.Index >> Pool.Slabs.Tables.SlotShift).Next = 777;

        Assert.That(cache.Validate(), Is.EqualTo(1));
        Assert.That(cache.Validate(), Is.Zero);
        cache.Return(handle);
        var report = Violations.Single();
        RequireNamed(report, cache, handle);
        RequireBothStacks(report, cache, handle.Generation, handle.Generation - 1);
        Assert.That(report.ToString(), Does.Contain("list of slabs"));
        RequireAllGoesOn(cache);
    }

    private void Find(SlabCache cache, Finder finder, SlabHandle held)
    {
        switch (finder)
        {
            case Finder.Rent:
                cache.Return(cache.Rent());
                break;
            case Finder.Return:
                cache.Return(held);
                break;
            case Finder.Demand:
                Assert.That(cache.Validate(), Is.EqualTo(1));
                break;
            default:
                cache.Dispose();
                break;
        }

        if (finder != Finder.Return && held != default)
            cache.Return(held);
    }

    private void RequireTheRestGoesOn(SlabCache cache, Finder finder, SlabHandle damaged)
    {
        if (finder == Finder.End)
            RequireOthersGoOn(damaged);
        else
            RequireTheRestGoesOn(cache, damaged);
    }

    private void FlipFreeBit(SlabHandle handle) => FlipFreeBit(Pool, handle);

    private static unsafe void FlipFreeBit(PoolRuntime pool, SlabHandle handle)
    {
        var tables = pool.Slabs.Tables;
        var head = handle.Index >> tables.SlotShift;
        var ordinal = (int)(handle.Index - (head << tables.SlotShift));
        ((ulong*)tables.SlotBitmapAddress(head))[ordinal / 64] ^= 1ul << (ordinal % 64);
    }

    private void DamageCookie(SlabHandle handle) => Pool.Slabs.Tables.Header(handle.Index >> Pool.Slabs.Tables.SlotShift).Cookie ^= 1ul << 40;
}
