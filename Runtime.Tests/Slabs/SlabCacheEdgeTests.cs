using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Words as another thread may leave them between two of our steps, batches of exact sizes, and each option by itself.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabCacheEdgeTests(int generationBits) : RuntimeFixture(generationBits)
{
    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(2, 1)]
    [TestCase(60, 30)]
    [TestCase(100, 50)]
    [TestCase(300, 127)]
    public void A_refill_takes_one_slot_for_the_caller_and_half_a_stack_at_most_128_in_all(int capacity, int cached)
    {
        var cache = Pool.CreateCache<long>("node", new SlabCacheOptions { ThreadCacheCapacity = capacity });
        cache.Rent();
        Assert.That(cache.Untyped.Statistics().CachedObjects, Is.EqualTo(cached));
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.EqualTo(1));
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(4, 3)]
    [TestCase(5, 3)]
    [TestCase(100, 51)]
    [TestCase(300, 173)]
    public void A_return_onto_a_full_stack_first_sends_half_of_it_at_most_128_to_the_slabs(int capacity, int cached)
    {
        var cache = Pool.CreateCache<long>("node", new SlabCacheOptions { ThreadCacheCapacity = capacity });
        var handles = new SlabHandle<long>[capacity + 1];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(handles.Length));
        cache.Trim();
        Assert.That(cache.Untyped.Statistics().CachedObjects, Is.Zero);
        cache.ReturnMany(handles);
        Assert.That(cache.Untyped.Statistics().CachedObjects, Is.EqualTo(cached));
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Empty_slabs_that_are_kept_are_given_to_folios_that_need_them()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 4 << 12, ReservationBytes = 4 << 12, MaxOrder = 0, ThreadPageCapacity = 0 });
        var cache = pool.CreateByteCache("node", 4096, Uncached with { SlabOrder = 0, EmptySlabsKept = 4 });
        var handles = new SlabHandle[4];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(4));
        cache.ReturnMany(handles);
        Assert.That(pool.Pages.AllocatedFrames, Is.EqualTo(4));
        Assert.That(pool.Folios.TryRent(new PageOrder(0), out var folio), Is.True);
        pool.Folios.Return(folio);
    }

    [Test]
    public void A_reference_shows_the_objects_bytes_and_the_default_one_none()
    {
        var cache = Pool.CreateByteCache("node", 48);
        var handle = cache.Rent();
        cache.BytesOf(handle).Fill(7);
        Assert.That(cache.TryGet(handle, out var reference), Is.True);
        Assert.That((reference.Bytes.Length, reference.Bytes.ContainsAnyExcept((byte)7)), Is.EqualTo((48, false)));
        Assert.That(cache.TryReturn(handle), Is.True, "deferred");
        Assert.That(reference.Bytes.ContainsAnyExcept((byte)7), Is.False);
        reference.Dispose();
        Assert.That(default(SlabReference).Bytes.IsEmpty, Is.True);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Exhaustion_names_the_caches_that_hold_something_and_nobody_where_none_does()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 4 << 12, ReservationBytes = 4 << 12, MaxOrder = 0, ThreadPageCapacity = 0 });
        pool.CreateByteCache("bystander", 64);
        var cache = pool.CreateByteCache("node", 4096, Uncached with { SlabOrder = 0 });
        var handles = new SlabHandle[4];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(4));
        Assert.That(() => cache.Rent(), Throws.TypeOf<OutOfMemoryException>().With.Message.Contain("Most is held by node 16 KiB.").And.Message.Not.Contain("bystander"));
        cache.ReturnMany(handles);

        while (pool.Folios.TryRent(new PageOrder(0), out _))
        {
        }

        Assert.That(() => cache.Rent(), Throws.TypeOf<OutOfMemoryException>().With.Message.Not.Contain("Most is held"));
    }

    [Test]
    public void The_last_free_slots_are_found_in_another_threads_stack()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 4096, ReservationBytes = 4096, MaxOrder = 0, ThreadPageCapacity = 0 });
        var cache = pool.CreateByteCache("node", 64, new SlabCacheOptions { ThreadCacheCapacity = 20 });
        var keeper = cache.Rent();
        using var other = new OtherThread(() =>
        {
            var handles = new SlabHandle[15];
            cache.TryRentMany(handles);
            cache.ReturnMany(handles);
        });
        Assert.That(cache.Statistics().CachedObjects, Is.GreaterThan(10));
        Assert.That(cache.TryRentMany(new SlabHandle[100]), Is.EqualTo(63), "every slot of the page but the first");
        cache.Return(keeper);
    }

    [Test]
    public void A_constructor_that_throws_in_the_middle_of_many_returns_those_made_before()
    {
        var made = 0;
        var ended = 0;
        var cache = Pool.CreateCache<long>(
            "node", Uncached, (ref long _) => made += made < 2 ? 1 : throw new InvalidTimeZoneException(), (ref long _) => ended++);
        var handles = new SlabHandle<long>[5];
        Assert.Throws<InvalidTimeZoneException>(() => cache.TryRentMany(handles));
        Assert.That((made, ended), Is.EqualTo((2, 2)));
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Returning_many_defers_what_is_referenced_and_names_the_first_that_is_wrong()
    {
        var cache = Pool.CreateCache<long>("node");
        var held = cache.Rent();
        var twice = cache.Rent();
        cache.TryGet(held, out var reference);
        cache.Return(twice);
        var error = Assert.Throws<InvalidOperationException>(() => cache.ReturnMany([twice, held, default]))!;
        Assert.That(error.Message, Does.StartWith("2 of 3").And.Contain($"slot {twice.Index}"));
        Assert.That(error.InnerException!.Message, Does.Contain("DoubleReturn"));
        Assert.That(Violations.Select(violation => violation.Kind), Has.None.EqualTo(ViolationKind.SurplusPut).And.Exactly(2).Items);
        reference.Dispose();
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Zeroing_on_free_alone_leaves_nothing_for_the_next_and_the_destructor_sees_it_before()
    {
        var seen = new List<long>();
        var plain = Pool.CreateCache<long>("plain", new SlabCacheOptions { ZeroOnFree = true, ThreadCacheCapacity = 4 });
        var destroyed = Pool.CreateCache<long>("destroyed", new SlabCacheOptions { ZeroOnFree = true, ThreadCacheCapacity = 4 }, destructor: (ref long value) => seen.Add(value));
        foreach (var cache in new[] { plain, destroyed })
        {
            var handle = cache.Rent();
            cache.ValueOf(handle) = 7;
            cache.Return(handle);
            var next = cache.Rent();
            Assert.That(next.Index, Is.EqualTo(handle.Index));
            Assert.That(cache.ValueOf(next), Is.Zero);
        }

        Assert.That(seen.Single(), Is.EqualTo(7));
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Without_zeroing_an_object_shows_what_its_cache_left_there()
    {
        var cache = Pool.CreateCache<long>("plain", new SlabCacheOptions { ThreadCacheCapacity = 4 });
        var handle = cache.Rent();
        cache.ValueOf(handle) = 7;
        cache.Return(handle);
        Assert.That(cache.ValueOf(cache.Rent()), Is.EqualTo(7));
    }

    [Test]
    public void Only_the_owner_has_the_object_by_its_handle()
    {
        var cache = Pool.CreateCache<long>("node");
        using var allocated = cache.Allocate();
        var unowned = allocated.Handle;
        Assert.Throws<InvalidOperationException>(() => cache.ValueOf(unowned), "it never had an owner");
        var handle = cache.Rent();
        cache.TryGet(handle, out var reference);
        cache.ValueOf(handle) = 5;
        cache.Return(handle);
        Assert.Throws<InvalidOperationException>(() => cache.ValueOf(handle), "its owner returned it");
        Assert.That(reference.Value, Is.EqualTo(5));
        reference.Dispose();
    }

    /// <summary>The last put has dropped its reference and stands before its CAS when a stale look-up comes by.</summary>
    [Test]
    public void L1_a_stale_look_up_that_ends_up_the_last_holder_destroys_the_stranger([Values] bool lastGeneration)
    {
        var destroyed = 0;
        var cache = Pool.CreateCache("node", Uncached with { SlabOrder = 0 }, destructor: (ref long _) => destroyed++);
        var keeper = cache.Rent();
        var handle = cache.Rent();
        var generation = lastGeneration ? Pool.Slabs.Generations.Last : handle.Generation + 1;
        Pool.Slabs.Tables.SlotWord(handle.Index) = LifetimeWord.Referenced(generation, 0).Bits;
        Assert.That(cache.TryGet(handle, out _), Is.False);

        Assert.That(destroyed, Is.EqualTo(1));
        Assert.That(Pool.Slabs.Tables.SlotWord(handle.Index), Is.EqualTo((ulong)generation + 1));
        var now = cache.Untyped.Statistics();
        Assert.That((now.ActiveObjects, now.RetiredObjects, now.StaleRejected, now.Saturated), Is.EqualTo((1L, lastGeneration ? 1L : 0L, 1L, 0L)));
        cache.Return(keeper);
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void L1_a_look_up_in_the_wrong_cache_gives_its_reference_back_and_destroys_if_it_was_the_last([Values] bool last)
    {
        var destroyed = 0;
        var mine = Pool.CreateCache<long>("mine", Uncached);
        var other = Pool.CreateCache("other", Uncached, destructor: (ref long _) => destroyed++);
        var handle = other.Rent();
        if (last)
            Pool.Slabs.Tables.SlotWord(handle.Index) = LifetimeWord.Referenced(handle.Generation, 0).Bits;
        Assert.That(mine.TryGet(handle, out _), Is.False);
        Assert.That(mine.Untyped.Statistics().StaleRejected, Is.EqualTo(1));
        if (!last)
            other.Return(handle);
        Assert.That(destroyed, Is.EqualTo(1));
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Misuse_of_return_is_told_apart()
    {
        var cache = Pool.CreateCache<long>("node", Uncached with { EmptySlabsKept = 1 });
        var foreign = Pool.CreateCache<long>("foreign").Rent();
        var keeper = cache.Rent();
        var handle = cache.Rent();
        ref var word = ref Pool.Slabs.Tables.SlotWord(handle.Index);
        var rented = word;
        word = (uint)rented | LifetimeWord.Owned;
        RequireRefused(handle, ViolationKind.FrozenReturn, "holds the object frozen");
        word = LifetimeWord.Referenced(handle.Generation, 1).Bits;
        RequireRefused(handle, ViolationKind.DoubleReturn, "returned it before, or it never had one");
        Pool.Slabs.Tables.SlotWord(handle.Index) = rented;
        cache.Return(handle);
        RequireRefused(handle, ViolationKind.DoubleReturn, "it was returned before");
        cache.Return(cache.Rent());
        RequireRefused(handle, ViolationKind.StaleReturn, "another generation");
        RequireRefused(foreign, ViolationKind.ForeignHandle, "the slot is of cache 'foreign'");
        RequireRefused(new SlabHandle<long>(((ulong)foreign.Generation << 32) | Pool.Slabs.Tables.SlotLimit), ViolationKind.ForeignHandle, "no slot of this runtime");
        cache.Return(keeper);

        void RequireRefused(SlabHandle<long> refused, ViolationKind kind, string why)
        {
            var error = Assert.Throws<InvalidOperationException>(() => cache.Return(refused))!;
            Assert.That(error.Message, Does.StartWith(kind.ToString()).And.Contain(why));
            Assert.That(Violations[^1].Kind, Is.EqualTo(kind));
        }
    }

    [Test]
    public void Forty_caches_are_told_apart_and_a_trim_reaches_all()
    {
        var ended = new int[40];
        var caches = Enumerable.Range(0, ended.Length)
            .Select(i => Pool.CreateCache("cache", new SlabCacheOptions { SlabOrder = 0 }, destructor: (ref long value) => ended[i] += (int)value)).ToArray();
        var handles = caches.Select(cache => cache.Rent()).ToArray();
        for (var i = 0; i < caches.Length; i++)
            caches[i].ValueOf(handles[i]) = i;
        for (var i = 0; i < caches.Length; i++)
        {
            Assert.That(caches[(i + 1) % caches.Length].TryReturn(handles[i]), Is.False);
            caches[i].Return(handles[i]);
        }

        Assert.That(ended, Is.EqualTo(Enumerable.Range(0, ended.Length)));
        Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(ended.Length));
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void The_cookie_tells_every_place_cache_window_size_and_runtime_apart()
    {
        using var another = new PoolRuntime(Options);
        var cookies = new HashSet<ulong>();
        for (var head = 0u; head < 20; head++)
        {
            for (var cache = 1u; cache < 20; cache++)
            {
                for (var first = 0u; first < 20; first++)
                {
                    var header = new SlabHeader { CacheId = cache, FirstIndex = first, SlotCount = 16, FrameCount = 1 };
                    foreach (var sized in new[] { header, header with { SlotCount = 17 }, header with { FrameCount = 2 }, header with { SlotCount = 32, FrameCount = 2 } })
                    {
                        Assert.That(cookies.Add(Pool.Slabs.CookieFor(head, in sized)), Is.True);
                        Assert.That(cookies.Add(another.Slabs.CookieFor(head, in sized)), Is.True);
                    }
                }
            }
        }
    }
}
