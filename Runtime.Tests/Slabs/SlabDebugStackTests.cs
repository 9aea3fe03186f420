using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Wrong returns, each told with who rented and who returned the object last.</summary>
[TestFixture(32, SlabDiscipline.Shared, MemoryBacking.Native)]
[TestFixture(3, SlabDiscipline.Exclusive, MemoryBacking.Native)]
[TestFixture(32, SlabDiscipline.Exclusive, MemoryBacking.PinnedArrays)]
public sealed class SlabDebugStackTests(int generationBits, SlabDiscipline discipline, MemoryBacking backing)
    : SlabDebugFixture(generationBits, discipline, backing)
{
    [Test]
    public void A_double_return_tells_who_rented_and_who_returned([Values(SlabDebugOptions.Stacks, SlabDebugOptions.All, SlabDebugOptions.None)] SlabDebugOptions debug)
    {
        var cache = Create(debug);
        var handle = RentHere(cache);
        ReturnHere(cache, handle);

        var error = Assert.Throws<InvalidOperationException>(() => cache.Return(handle))!;

        RequireMisuse(ViolationKind.DoubleReturn, cache, handle, handle.Generation, handle.Generation);
        Assert.That(error.Message, Does.StartWith($"DoubleReturn: damaged (64 bytes), slot {handle.Index}, generation {handle.Generation}: it was returned before."));
        foreach (var method in (string[])[nameof(RentHere), nameof(ReturnHere)])
            Assert.That(error.Message.Contains(method), Is.EqualTo(debug != SlabDebugOptions.None));
        RequireAllGoesOn(cache);
    }

    [Test]
    public void A_double_return_tells_the_threads()
    {
        var cache = Create(SlabDebugOptions.Stacks);
        SlabHandle handle = default;
        var renter = 0;
        var returner = 0;
        new OtherThread(() => (handle, renter) = (RentHere(cache), Environment.CurrentManagedThreadId)).Dispose();
        new OtherThread(() =>
        {
            ReturnHere(cache, handle);
            returner = Environment.CurrentManagedThreadId;
        }).Dispose();

        Assert.That(cache.TryReturn(handle), Is.False);

        RequireMisuse(ViolationKind.DoubleReturn, cache, handle, handle.Generation, handle.Generation);
        var violation = Violations[0];
        Assert.That((violation.RentedBy!.ThreadId, violation.ReturnedBy!.ThreadId), Is.EqualTo((renter, returner)));
        Assert.That(violation.ToString(), Does.Contain($"last rented by thread {renter} in generation {handle.Generation}:\n   at ").And.Contain($"last returned by thread {returner} in"));
        RequireAllGoesOn(cache);
    }

    [Test]
    public void A_stale_return_tells_whose_the_slot_is_now()
    {
        var cache = Create(SlabDebugOptions.Stacks);
        var stale = cache.Rent();
        cache.Return(stale);
        ReturnHere(cache, RentHere(cache));
        var now = RentHere(cache);

        Assert.That(cache.TryReturn(stale), Is.False);

        RequireMisuse(ViolationKind.StaleReturn, cache, stale, now.Generation, now.Generation - 1);
        cache.Return(now);
        RequireAllGoesOn(cache);
    }

    [Test]
    public void A_foreign_return_tells_the_owning_cache_and_who_rented_there()
    {
        var cache = Create(SlabDebugOptions.Stacks);
        var others = Create(SlabDebugOptions.All, "theirs");
        var handle = RentAgain(others);

        Assert.That(cache.TryReturn(handle), Is.False);

        RequireMisuse(ViolationKind.ForeignHandle, cache, handle, handle.Generation, handle.Generation - 1);
        Assert.That(Violations[0].ToString(), Does.Contain("the slot is of cache 'theirs'"));
        others.Return(handle);
        Assert.That(Violations, Has.Count.EqualTo(1));
        RequireAllGoesOn(cache);
        RequireAllGoesOn(others);
    }

    [Test]
    public void A_return_after_the_slab_has_left_the_cache_still_tells_who_rented()
    {
        var cache = Create(SlabDebugOptions.Stacks);
        var handle = RentHere(cache);
        ReturnHere(cache, handle);
        cache.Trim();

        Assert.That(cache.TryReturn(handle), Is.False);
        RequireMisuse(ViolationKind.ForeignHandle, cache, handle, handle.Generation, handle.Generation);
        RequireAllGoesOn(cache);
    }

    [Test]
    public void Hazard21_a_misaligned_return_is_refused_and_named_as_such([Values(SlabDebugOptions.None, SlabDebugOptions.All)] SlabDebugOptions debug)
    {
        var cache = Create(debug);
        var handles = new SlabHandle[cache.Layout.SlotCount - 1];
        cache.TryRentMany(handles);
        var last = RentAgain(cache);

        // An index of the slab's frame behind its last slot: what a handle made from a wrong address comes to.
        foreach (var generation in new[] { 0u, 1u, last.Generation, uint.MaxValue })
        {
            var forged = new SlabHandle(last.Index + 3, generation);
            Assert.That(cache.TryReturn(forged), Is.False);
            RequireNearest(cache, forged, last, $"no object begins there: the index is misaligned, nearest to slot {last.Index}");
        }

        // The last object's owner is told whoever gets such an index.
        var other = Create(debug, "other");
        var foreign = new SlabHandle(last.Index + 1, last.Generation);
        Assert.That(other.TryReturn(foreign), Is.False);
        RequireNearest(other, foreign, last, "the slot is of cache 'damaged'");

        var beyond = new SlabHandle(uint.MaxValue, last.Generation);
        Assert.Throws<InvalidOperationException>(() => cache.Return(beyond));
        RequireNamed(Violations[^1], cache, beyond);
        Assert.That(Violations[^1].ToString(), Does.Contain("no slot of this runtime has this index"));
        Assert.That((Violations[^1].RentedBy, Violations[^1].ReturnedBy), Is.EqualTo(((LifeTrack?)null, (LifeTrack?)null)), "nothing is near it");
        cache.ReturnMany([.. handles, last]);
        RequireAllGoesOn(cache);
        RequireAllGoesOn(other);
    }

    [Test]
    public void A_second_return_while_references_hold_the_object_tells_of_the_first()
    {
        var cache = CreateShared(SlabDebugOptions.All);
        var handle = RentHere(cache);
        Assert.That(cache.TryGet(handle, out var reference), Is.True);
        ReturnHere(cache, handle);

        Assert.That(cache.TryReturn(handle), Is.False);
        RequireMisuse(ViolationKind.DoubleReturn, cache, handle, handle.Generation, handle.Generation);

        reference.Dispose();
        Assert.That(cache.TryReturn(handle), Is.False);
        RequireNamed(Violations[^1], cache, handle);
        RequireBothStacks(Violations[^1], cache, handle.Generation, handle.Generation);
        RequireAllGoesOn(cache);
    }

    [Test]
    public void A_surplus_put_tells_who_rented()
    {
        var cache = CreateShared(SlabDebugOptions.Stacks);
        ReturnHere(cache, RentHere(cache));
        var reference = cache.Allocate();
        reference.Dispose();
        reference.Dispose();

        var violation = Violations.Single();
        Assert.That(violation.Kind, Is.EqualTo(ViolationKind.SurplusPut));
        RequireNamed(violation, cache, reference.Handle);
        Assert.That(violation.RentedBy!.Stack, Does.Contain(nameof(A_surplus_put_tells_who_rented)));
        Assert.That(violation.ReturnedBy!.Stack, Does.Contain(nameof(A_surplus_put_tells_who_rented)));
        RequireAllGoesOn(cache);
    }

    [Test]
    public void Memory_owners_tell_who_rented_and_who_disposed_them()
    {
        using var runtime = new PoolRuntime(Options with { CacheDefaults = new SlabCacheOptions { Debug = SlabDebugOptions.All } });
        Violation? heard = null;
        runtime.ViolationDetected += violation => heard = violation;
        using var pool = runtime.CreateMemoryPool();
        var owner = pool.Rent();
        owner.Memory.Span.Fill(1);
        owner.Dispose();
        owner.Dispose();

        Assert.That(heard!.Kind, Is.EqualTo(ViolationKind.DoubleDispose));
        Assert.That(heard.RentedBy!.Stack, Does.StartWith($"   at {GetType().FullName}.{nameof(Memory_owners_tell_who_rented_and_who_disposed_them)}"));
        Assert.That(heard.ReturnedBy!.Stack, Does.Contain($"   at {GetType().FullName}.{nameof(Memory_owners_tell_who_rented_and_who_disposed_them)}"));

        // An array behind the memory, where the backing has one, is the block's and not the red zone's.
        using var second = pool.Rent();
        if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(second.Memory, out var array))
            array.AsSpan().Fill(2);
        Assert.That(runtime.Validate(), Is.Zero);
    }

    [Test]
    public void Every_wrong_return_changes_nothing()
    {
        var cache = Create(SlabDebugOptions.All);
        var live = RentHere(cache);
        cache.BytesOf(live).Fill(9);
        var dead = cache.Rent();
        cache.Return(dead);
        for (var i = 0u; i < 1000; i++)
            cache.TryReturn(new SlabHandle(live.Index + i, live.Generation + (i == 0 ? 1u : i)));

        Assert.That(cache.BytesOf(live).ContainsAnyExcept((byte)9), Is.False);
        cache.Return(live);
        RequireAllGoesOn(cache);
    }

    private void RequireMisuse(ViolationKind kind, SlabCache cache, SlabHandle handle, uint rentedIn, uint returnedIn)
    {
        var violation = Violations.Single();
        Assert.That(violation.Kind, Is.EqualTo(kind));
        RequireNamed(violation, cache, handle);
        RequireBothStacks(violation, cache, rentedIn, returnedIn);
    }

    /// <summary>An index at which nothing begins, told by the cache that got it with the stacks of the nearest object, which is out.</summary>
    private void RequireNearest(SlabCache cache, SlabHandle forged, SlabHandle nearest, string words)
    {
        var violation = Violations[^1];
        Assert.That(violation.Kind, Is.EqualTo(ViolationKind.ForeignHandle));
        RequireNamed(violation, cache, forged);
        RequireBothStacks(violation, cache, nearest.Generation, nearest.Generation - 1);
        Assert.That(violation.ToString(), Does.Contain(words));
    }
}
