using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Hazards of the slab layer that one thread, and the words poked from outside, can show.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabHazardTests(int generationBits) : RuntimeFixture(generationBits)
{
    protected override PoolRuntimeOptions Options => base.Options with { ThreadPageCapacity = 0 };

    private uint LastGeneration => Pool.Slabs.Generations.Last;

    [Test]
    public void Hazard06_failed_gets_and_surplus_puts_never_change_live_owned_or_generation_of_a_free_slot()
    {
        var cache = Pool.CreateCache<long>("node", new SlabCacheOptions { ThreadCacheCapacity = 4 });
        var handle = cache.Rent();
        cache.Return(handle);
        var dead = Word(handle);
        for (var i = 0; i < 1000; i++)
        {
            Assert.That(cache.TryGet(handle, out _), Is.False);
            if (i % 3 == 0)
                cache.Untyped.Put(handle.Index, handle.Generation);
        }

        Assert.That((Word(handle).Generation, Word(handle).IsLive, Word(handle).IsOwned), Is.EqualTo((dead.Generation, false, false)), "L6");
        var next = cache.Rent();
        Assert.That(next.Index, Is.EqualTo(handle.Index));
        Assert.That(Word(next).References, Is.Zero, "the publishing store wiped the strays");
        cache.Return(next);
    }

    [Test]
    public void Hazard06_a_stray_add_on_an_owned_word_keeps_its_owner_from_nothing_and_nobody_else_gets_in()
    {
        var shared = Pool.CreateCache<long>("shared", Uncached);
        var stale = shared.Rent();
        shared.Return(stale);
        shared.Trim();
        var exclusive = Pool.CreateCache<long>("exclusive", new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        var owned = Enumerable.Range(0, 500).Select(_ => exclusive.Rent()).Single(handle => handle.Index == stale.Index);
        Assert.That(shared.TryGet(stale, out _), Is.False);
        Assert.That(Word(owned).References, Is.EqualTo(1), "the word bears it");

        exclusive.ValueOf(owned) = 7;
        Assert.That(exclusive.TryReturn(owned), Is.True);
        Assert.That(exclusive.TryReturn(owned), Is.False);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
    }

    [Test]
    public void Hazard07_polling_a_dead_slot_past_the_counters_width_never_revives_it([Values(1, 4)] int beyond)
    {
        var cache = Pool.CreateCache<long>("node", new SlabCacheOptions { ThreadCacheCapacity = 4 });
        var handle = cache.Rent();
        cache.Return(handle);

        // As 2^30 failed gets would leave it, and a few more.
        ref var word = ref Pool.Slabs.Tables.SlotWord(handle.Index);
        word = (word & uint.MaxValue) | (((1ul << 30) - (uint)beyond) << LifetimeWord.ReferenceShift);
        var generation = Word(handle).Generation;
        for (var i = 0; i < 5; i++)
            Assert.That(cache.TryGet(handle, out _), Is.False);

        Assert.That((Word(handle).Generation, Word(handle).IsLive, Word(handle).IsOwned), Is.EqualTo((generation, false, false)), "L6: they ran off the end of the word");
        using var next = cache.Allocate();
        Assert.That(Word(next.Handle).References, Is.EqualTo(1));
    }

    [Test]
    public void Hazard08_a_surplus_put_on_a_page_of_another_type_is_reported_and_that_object_is_untouched()
    {
        var destroyed = 0;
        var first = Pool.CreateCache<long>("first", Uncached);
        var second = Pool.CreateCache<long>("second", Uncached, destructor: (ref long _) => destroyed++);
        var reference = first.Allocate();
        var copy = reference;
        reference.Dispose();
        using var stranger = second.Allocate();
        Assert.That(stranger.Handle.Index, Is.EqualTo(copy.Handle.Index), "the page changed hands");

        copy.Dispose();

        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.SurplusPut));
        Assert.That(destroyed, Is.Zero);
        Assert.That(Word(stranger.Handle).References, Is.EqualTo(1), "added back");
    }

    [Test]
    public void Hazard09_a_slot_whose_generations_are_spent_is_never_rented_again_and_its_memory_goes_on([Values] SlabDiscipline discipline)
    {
        var cache = Pool.CreateCache<long>("node", Uncached with { Discipline = discipline, SlabOrder = 0, EmptySlabsKept = 1 });
        var first = cache.Rent();
        SkipToLastGeneration(first);
        var last = new SlabHandle<long>(((ulong)LastGeneration << 32) | first.Index);
        Assert.That(cache.ValueOf(last), Is.Zero);
        var keeper = cache.Rent();
        cache.Return(last);

        Assert.That(Word(last).Generation, Is.EqualTo(Pool.Slabs.Generations.Retired), "the marker, never a wrapped generation");
        Assert.That(Word(last).IsLive || Word(last).IsOwned, Is.False);
        Assert.That(cache.TryReturn(last), Is.False);
        var others = new SlabHandle<long>[600];
        Assert.That(cache.TryRentMany(others), Is.EqualTo(600));
        Assert.That(others.Select(handle => handle.Index), Has.None.EqualTo(first.Index));
        Assert.That(cache.Untyped.Statistics().RetiredObjects, Is.EqualTo(1));
        cache.ReturnMany(others);
        cache.Return(keeper);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "the word is retired, the memory never");
        Assert.That(Pool.Pages.RetiredFrames, Is.Zero);
        Assert.That(cache.Untyped.Statistics().RetiredEver, Is.EqualTo(1));
    }

    [Test]
    public void Hazard09_generations_run_out_slot_by_slot_without_a_handle_issued_twice_or_a_byte_lost_to_folios([Values] SlabDiscipline discipline)
    {
        if (GenerationBits == 32)
            Assert.That(LastGeneration, Is.EqualTo(uint.MaxValue - 1), "too many to spend here");
        else
            SpendEverything(discipline);
    }

    [Test]
    public void Hazard10_a_get_beyond_the_reference_limit_is_refused_counted_and_harms_nothing()
    {
        var cache = Pool.CreateCache<long>("node");
        var handle = cache.Rent();
        ref var word = ref Pool.Slabs.Tables.SlotWord(handle.Index);
        word += (ulong)LifetimeWord.ReferenceLimit << LifetimeWord.ReferenceShift;

        for (var i = 0; i < 3; i++)
            Assert.That(cache.TryGet(handle, out _), Is.False);
        Assert.That(cache.Untyped.Statistics().Saturated, Is.EqualTo(3));
        Assert.That(Word(handle).References, Is.EqualTo(LifetimeWord.ReferenceLimit));
        cache.Untyped.Put(handle.Index, handle.Generation);
        Assert.That(cache.TryGet(handle, out var reference), Is.True, "room for one");
        reference.Dispose();
        word -= (ulong)(LifetimeWord.ReferenceLimit - 1) << LifetimeWord.ReferenceShift;
        cache.Return(handle);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Hazard15_a_handle_kept_past_its_object_never_reads_the_slots_next_object()
    {
        var cache = Pool.CreateCache<long>("node", Uncached);
        var kept = cache.Rent();
        for (var i = 0; i < 4; i++)
        {
            cache.Return(i == 0 ? kept : cache.Rent());
            var next = cache.Rent();
            Assert.That(next.Index, Is.EqualTo(kept.Index));
            Assert.Throws<InvalidOperationException>(() => cache.ValueOf(kept));
            Assert.That(cache.TryGet(kept, out _), Is.False);
            cache.Return(next);
            if (next.Generation + 2 >= LastGeneration)
                break;
        }
    }

    [Test]
    public void Hazard21_an_index_between_the_slots_or_beyond_them_names_nothing()
    {
        var cache = Pool.CreateByteCache("large", 1000, new SlabCacheOptions { SlabOrder = 0 });
        var handle = cache.Rent();
        for (var generation = handle.Generation - 1; generation != handle.Generation + 2; generation++)
        {
            foreach (var index in Enumerable.Range(4, 300).Select(beyond => handle.Index + (uint)beyond).Append(uint.MaxValue))
            {
                var forged = new SlabHandle(index, generation);
                Assert.That(cache.TryGet(forged, out _) || cache.TryReturn(forged), Is.False);
                Assert.That(() => cache.BytesOf(forged).Length, Throws.InvalidOperationException);
            }
        }

        cache.Return(handle);
        Assert.That(cache.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Hazard28_a_constructor_destructor_or_listener_that_throws_leaves_no_latch_held()
    {
        var cache = Pool.CreateCache(
            "node",
            Uncached,
            constructor: (ref long value) => value = value == 13 ? throw new InvalidTimeZoneException() : 13,
            destructor: (ref long _) => throw new InvalidTimeZoneException());
        Pool.ViolationDetected += _ => throw new InvalidTimeZoneException();
        var handle = cache.Rent();
        cache.Return(handle);
        Assert.That(cache.TryReturn(handle), Is.False);
        using var other = new OtherThread(() =>
        {
            cache.Return(cache.Rent());
            Pool.Trim();
            Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(1));
        });
    }

    [TestCase(1L << 20, 8)]
    [TestCase(64L << 30, 8)]
    [TestCase((64L << 30) + (4 << 20), 7)]
    [TestCase(200L << 30, 6)]
    public void Hazard31_handles_hold_under_every_slot_shift_the_reservation_leads_to(long reservationBytes, int slotShift)
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 1 << 20, ReservationBytes = reservationBytes });
        Assert.That(pool.Slabs.Tables.SlotShift, Is.EqualTo(slotShift));
        var small = pool.CreateCache<byte>("small", Uncached);
        var large = pool.CreateByteCache("large", 3000, Uncached);
        var stale = new HashSet<ulong>();
        for (var round = 0; round < 3; round++)
        {
            var smalls = new SlabHandle<byte>[1000];
            var larges = new SlabHandle[60];
            Assert.That((small.TryRentMany(smalls), large.TryRentMany(larges)), Is.EqualTo((1000, 60)));
            for (var i = 0; i < smalls.Length; i++)
                small.ValueOf(smalls[i]) = (byte)i;
            foreach (var handle in larges)
                large.BytesOf(handle).Fill(0xee);
            Assert.That(Enumerable.Range(0, 1000).All(i => small.ValueOf(smalls[i]) == (byte)i), Is.True);
            Assert.That(stale.Any(old => small.TryGet(new SlabHandle<byte>(old), out _) || large.TryGet(new SlabHandle(old), out _)), Is.False);
            foreach (var handle in smalls)
                Assert.That(stale.Add(handle.ToUInt64()), Is.True);
            small.ReturnMany(smalls);
            large.ReturnMany(larges);
        }

        Assert.That(pool.Pages.AllocatedFrames, Is.Zero);
    }

    [TestCase(2)]
    [TestCase(5)]
    [TestCase(17)]
    [TestCase(31)]
    [TestCase(32)]
    public void Hazard31_every_width_of_generations_starts_and_ends_inside_itself(int bits)
    {
        using var pool = new PoolRuntime(Options with { GenerationBits = bits });
        var cache = pool.CreateCache<long>("node", Uncached);
        var handle = cache.Rent();
        Assert.That(handle.Generation, Is.GreaterThan(0).And.LessThanOrEqualTo((uint)((1ul << bits) - 2)));
        cache.Return(handle);
        Assert.That(cache.TryReturn(handle), Is.False);
    }

    private void SpendEverything(SlabDiscipline discipline)
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 16 << 10, ReservationBytes = 16 << 10, MaxOrder = 2 });
        var cache = pool.CreateByteCache("spender", 1000, Uncached with { Discipline = discipline, SlabOrder = 0 });
        var issued = new HashSet<SlabHandle>();
        var batch = new SlabHandle[16];
        int rented;
        while ((rented = cache.TryRentMany(batch)) > 0)
        {
            foreach (var handle in batch.AsSpan(0, rented))
                Assert.That(issued.Add(handle), Is.True);
            cache.ReturnMany(batch.AsSpan(0, rented));
        }

        var perWord = pool.Slabs.Generations.Last - pool.Slabs.Generations.First + 1;
        Assert.That(issued.Count, Is.GreaterThan(4 * 128 * (int)perWord), "most of the words of four frames were spent");
        Assert.That(pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(pool.Pages.RetiredFrames, Is.Zero, "spent for slabs, good for folios");
        for (var i = 0; i < 4; i++)
            pool.Folios.Allocate(new FolioRuntime.Primitives.PageOrder(0));
        Assert.That(cache.TryRent(out _), Is.False);
    }

    private void SkipToLastGeneration(SlabHandle<long> handle)
    {
        ref var word = ref Pool.Slabs.Tables.SlotWord(handle.Index);
        word = (word & ~(ulong)uint.MaxValue) | LastGeneration;
    }

    private LifetimeWord Word(SlabHandle<long> handle) => new(Pool.Slabs.Tables.SlotWord(handle.Index));
}
