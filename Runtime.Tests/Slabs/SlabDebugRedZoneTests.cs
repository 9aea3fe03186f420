using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Writes beside an object, rented or free.</summary>
[TestFixture(32, SlabDiscipline.Shared, MemoryBacking.Native)]
[TestFixture(3, SlabDiscipline.Exclusive, MemoryBacking.Native)]
[TestFixture(32, SlabDiscipline.Exclusive, MemoryBacking.PinnedArrays)]
public sealed class SlabDebugRedZoneTests(int generationBits, SlabDiscipline discipline, MemoryBacking backing)
    : SlabDebugFixture(generationBits, discipline, backing)
{
    private const SlabDebugOptions Zones = SlabDebugOptions.RedZones | SlabDebugOptions.Stacks;
    private const SlabDebugOptions NoZones = SlabDebugOptions.All & ~SlabDebugOptions.RedZones;

    [TestCase(Size, "right red zone overwritten from offset 64 to 64 of the object, first byte 0x00 instead of 0xcc")]
    [TestCase(Size + 7, "right red zone overwritten from offset 71 to 71")]
    [TestCase(-1, "left red zone overwritten from offset -1 to -1")]
    [TestCase(-8, "left red zone overwritten from offset -8 to -8")]
    public void The_red_zone_of_a_live_object_is_checked_when_it_is_returned(int offset, string words)
    {
        var cache = Create(Zones);
        var handle = RentAgain(cache);
        Scribble(cache, handle, offset);

        ReturnHere(cache, handle);

        RequireReport(cache, handle, words);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void The_red_zone_of_a_live_object_is_checked_on_demand_and_the_object_stays_valid()
    {
        var cache = Create(Zones);
        var handle = RentAgain(cache);
        cache.BytesOf(handle).Fill(7);
        Scribble(cache, handle, Size, value: 0xab, count: 3);

        Assert.That(cache.Validate(), Is.EqualTo(1));

        RequireReportOfLive(cache, handle, "right red zone overwritten from offset 64 to 66", "0xab instead of 0xcc", "    64: ab ab ab cc");
        Assert.That(cache.BytesOf(handle).ContainsAnyExcept((byte)7), Is.False);
        cache.Return(handle);
        Assert.That(Violations, Has.Count.EqualTo(1), "told once");
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void The_red_zone_of_the_first_object_in_its_slot_is_told_without_a_return()
    {
        var cache = Create(Zones);
        var handle = RentHere(cache);
        Scribble(cache, handle, Size);

        Assert.That(cache.Validate(), Is.EqualTo(1));

        var report = Violations.Single();
        RequireNamed(report, cache, handle);
        Assert.That((report.RentedBy!.Generation, report.ReturnedBy), Is.EqualTo((handle.Generation, (LifeTrack?)null)));
        Assert.That(report.RentedBy.Stack.Split('\n')[0], Does.EndWith(nameof(RentHere)));
        Assert.That(report.ToString(), Does.Contain("right red zone overwritten").And.EndWith($"\nlast rented {report.RentedBy}\nno return is recorded"));
        cache.Return(handle);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void The_red_zone_of_a_live_object_is_checked_by_whoever_puts_its_last_reference()
    {
        var cache = CreateShared(Zones);
        ReturnHere(cache, RentHere(cache));
        var reference = cache.Allocate();
        var handle = reference.Handle;
        Scribble(cache, handle, Size);
        Assert.That(cache.TryGet(handle, out var second), Is.True);
        reference.Dispose();
        Assert.That(Violations, Is.Empty);
        second.Dispose();

        var report = Violations.Single();
        RequireNamed(report, cache, handle);
        foreach (var track in (LifeTrack[])[report.RentedBy!, report.ReturnedBy!])
        {
            Assert.That(track.Generation, Is.EqualTo(handle.Generation));
            Assert.That(track.Stack, Does.StartWith($"   at {GetType().FullName}.{nameof(The_red_zone_of_a_live_object_is_checked_by_whoever_puts_its_last_reference)}"));
        }

        Assert.That(report.ToString(), Does.Contain("right red zone overwritten from offset 64 to 64").And.Contain("quarantined"));
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void The_red_zone_of_a_freed_object_is_checked_when_it_is_rented([Values(-1, Size)] int offset)
    {
        var cache = Create(Zones);
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        Scribble(cache, handle, offset);

        var next = cache.Rent();

        Assert.That(next.Index >> Pool.Slabs.Tables.SlotShift, Is.Not.EqualTo(handle.Index >> Pool.Slabs.Tables.SlotShift), "another slab's");
        RequireReport(cache, handle, "0x00 instead of 0xbb");
        cache.Return(next);
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void The_red_zone_of_a_freed_object_is_checked_on_demand([Values(-1, Size)] int offset)
    {
        var cache = Create(Zones);
        var handle = RentAgain(cache);
        ReturnHere(cache, handle);
        Scribble(cache, handle, offset);

        Assert.That(Pool.Validate(), Is.EqualTo(1));

        RequireReport(cache, handle, "0x00 instead of 0xbb");
        RequireTheRestGoesOn(cache, handle);
    }

    [Test]
    public void The_red_zones_are_checked_at_the_end_of_the_cache([Values] bool live)
    {
        var cache = Create(Zones);
        var handle = RentAgain(cache);
        if (!live)
            ReturnHere(cache, handle);
        Scribble(cache, handle, Size);

        cache.Dispose();

        if (live)
        {
            RequireReportOfLive(cache, handle, "instead of 0xcc");
            cache.Return(handle);
        }
        else
        {
            RequireReport(cache, handle, "instead of 0xbb");
        }

        RequireOthersGoOn(handle);
    }

    [Test]
    public void Every_damage_of_a_slab_is_told_with_its_own_slot()
    {
        var cache = Create(Zones);
        SlabHandle[] handles = [RentHere(cache), RentHere(cache), RentHere(cache)];
        foreach (var handle in handles)
            ReturnHere(cache, handle);
        handles = [RentHere(cache), RentHere(cache), RentHere(cache)];
        foreach (var handle in handles)
            Scribble(cache, handle, Size);

        Assert.That(cache.Validate(), Is.EqualTo(3));
        Assert.That(Violations.Select(violation => violation.Index), Is.EqualTo(handles.Select(handle => handle.Index)));
        foreach (var (violation, handle) in Violations.Zip(handles))
        {
            RequireNamed(violation, cache, handle);
            RequireBothStacks(violation, cache, handle.Generation, handle.Generation - 1);
        }

        cache.ReturnMany(handles);
        RequireTheRestGoesOn(cache, handles);
    }

    [Test]
    public void Without_red_zones_the_same_writes_go_unnoticed([Values(SlabDebugOptions.None, NoZones)] SlabDebugOptions debug)
    {
        var cache = Create(debug);
        SlabHandle[] handles = [cache.Rent(), cache.Rent(), cache.Rent()];
        Scribble(cache, handles[1], -1);
        Scribble(cache, handles[1], Size);
        cache.ReturnMany(handles);
        RequireUnnoticed(cache);
    }

    [Test]
    public void Without_poison_what_a_returned_object_held_stays()
    {
        var cache = Create(SlabDebugOptions.RedZones);
        var handle = cache.Rent();
        cache.BytesOf(handle).Fill(9);
        cache.Return(handle);
        var again = cache.Rent();
        Assert.That(again.Index, Is.EqualTo(handle.Index));
        Assert.That(cache.BytesOf(again).ContainsAnyExcept((byte)9), Is.False);
        cache.Return(again);
    }

    [Test]
    public void With_the_last_free_object_damaged_there_is_none_to_rent()
    {
        using var pool = new PoolRuntime(Options with { CapacityBytes = 4096, ReservationBytes = 4096, MaxOrder = 0 });
        var cache = pool.CreateByteCache("full", Size, new SlabCacheOptions { Discipline = Discipline, Debug = Zones, SlabOrder = 0 });
        var handles = new SlabHandle[1000];
        var count = cache.TryRentMany(handles);
        Assert.That(count, Is.InRange(1, 64));
        var freed = handles[count - 1];
        cache.Return(freed);
        Scribble(cache, freed, Size);

        Assert.That(cache.TryRent(out var none), Is.False);
        Assert.That((none, pool.ViolationCount(ViolationKind.Corruption)), Is.EqualTo((default(SlabHandle), 1L)));
        cache.ReturnMany(handles.AsSpan(0, count - 1));
        Assert.That(cache.Statistics().QuarantinedSlabs, Is.EqualTo(1));
    }

    [TestCase(1, 0)]
    [TestCase(13, 0)]
    [TestCase(64, 64)]
    [TestCase(4096, 0)]
    [TestCase(4096, 4096)]
    [TestCase(2 << 20, 0)]
    public void Objects_keep_their_size_and_alignment_and_use_every_byte(int sizeBytes, int alignmentBytes)
    {
        var cache = Pool.CreateByteCache("aligned", sizeBytes, new SlabCacheOptions { AlignmentBytes = alignmentBytes, Debug = SlabDebugOptions.All, Discipline = Discipline });
        SlabHandle[] handles = [cache.Rent(), cache.Rent(), cache.Rent()];
        foreach (var handle in handles)
        {
            cache.BytesOf(handle).Fill(0xff);
            Assert.That(cache.BytesOf(handle).Length, Is.EqualTo(sizeBytes));
            Assert.That((long)cache.AddressOf(handle.Index) % Math.Max(1, alignmentBytes), Is.Zero);
        }

        Assert.That(cache.Validate(), Is.Zero);
        cache.ReturnMany(handles);
        cache.Dispose();
        Assert.That(Violations, Is.Empty);
    }
}
