using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabCacheTests(int generationBits) : RuntimeFixture(generationBits)
{
    private record struct Node(long Key, long Value);

    [Test]
    public void Rented_objects_are_distinct_aligned_and_keep_what_is_written()
    {
        var cache = Pool.CreateCache<Node>("node");
        var handles = Enumerable.Range(0, 5000).Select(_ => cache.Rent()).ToArray();
        for (var i = 0; i < handles.Length; i++)
            cache.ValueOf(handles[i]) = new Node(i, ~i);

        Assert.That(handles, Is.Unique);
        for (var i = 0; i < handles.Length; i++)
            Assert.That(cache.ValueOf(handles[i]), Is.EqualTo(new Node(i, ~i)));
        foreach (var handle in handles)
            cache.Return(handle);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public unsafe void Every_alignment_is_kept([Values(1, 2, 8, 64, 256, 4096)] int alignment, [Values(1, 24, 100, 5000)] int size)
    {
        var cache = Pool.CreateByteCache("aligned", size, new SlabCacheOptions { AlignmentBytes = alignment });
        for (var i = 0; i < 20; i++)
        {
            fixed (byte* address = cache.BytesOf(cache.Rent()))
                Assert.That((long)address % alignment, Is.Zero);
        }
    }

    [Test]
    public void Objects_of_every_size_have_all_their_bytes_to_themselves([Values(1, 16, 63, 4096, 4097, 65537, 1 << 20, 2 << 20)] int size)
    {
        var cache = Pool.CreateByteCache("sized", size);
        var handles = Enumerable.Range(0, 6).Select(_ => cache.Rent()).ToArray();
        for (var i = 0; i < handles.Length; i++)
            cache.BytesOf(handles[i]).Fill((byte)(i + 1));
        for (var i = 0; i < handles.Length; i++)
        {
            Assert.That(cache.BytesOf(handles[i]).Length, Is.EqualTo(size));
            Assert.That(cache.BytesOf(handles[i]).IndexOfAnyExcept((byte)(i + 1)), Is.EqualTo(-1));
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase((2 << 20) + 1)]
    public void A_size_out_of_range_is_refused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.CreateByteCache("sized", size));

    [TestCase(-8)]
    [TestCase(3)]
    [TestCase(8192)]
    public void An_alignment_out_of_range_is_refused(int alignment) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.CreateByteCache("aligned", 8, new SlabCacheOptions { AlignmentBytes = alignment }));

    [Test]
    public void L3_a_returned_handle_is_rejected_for_ever([Values] SlabDiscipline discipline)
    {
        var cache = Pool.CreateCache<Node>("node", Uncached with { Discipline = discipline });
        var stale = new List<SlabHandle<Node>>();
        for (var i = 0; i < 500; i++)
        {
            var handle = cache.Rent();
            foreach (var old in stale)
            {
                Assert.Throws<InvalidOperationException>(() => cache.ValueOf(old));
                Assert.That(discipline == SlabDiscipline.Shared && TryGet(cache, old), Is.False);
            }

            cache.Return(handle);
            stale.Add(handle);
        }

        Assert.That(stale, Is.Unique, "no generation of a slot is issued twice");
    }

    [Test]
    public void A_second_return_is_refused_reported_and_changes_nothing([Values] SlabDiscipline discipline)
    {
        var cache = Pool.CreateCache<Node>("node", new SlabCacheOptions { Discipline = discipline });
        var handle = cache.Rent();
        cache.Return(handle);

        var error = Assert.Throws<InvalidOperationException>(() => cache.Return(handle))!;
        Assert.That(error.Message, Does.Contain("node").And.Contain("slot").And.Contain("generation"));
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.DoubleReturn, ViolationKind.DoubleReturn }));
        Assert.That(new[] { cache.Rent(), cache.Rent() }, Is.Unique, "the slot is in circulation once");
    }

    [Test]
    public void A_return_while_references_remain_is_deferred_and_a_second_one_takes_none_of_them()
    {
        var destroyed = 0;
        var cache = Pool.CreateCache<Node>("node", destructor: (ref Node _) => destroyed++);
        var handle = cache.Rent();
        Assert.That(cache.TryGet(handle, out var reference), Is.True);

        cache.Return(handle);
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(destroyed, Is.Zero, "L2: the reference holds the object");
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));

        reference.Dispose();
        Assert.That(destroyed, Is.EqualTo(1));
        Assert.That(TryGet(cache, handle), Is.False);
    }

    [Test]
    public void Hazard21_a_handle_of_another_cache_is_refused_by_every_operation_and_harms_nobody()
    {
        var mine = Pool.CreateCache<Node>("mine");
        var other = Pool.CreateCache<Node>("other");
        var handle = other.Rent();
        other.ValueOf(handle) = new Node(1, 2);

        Assert.That(TryGet(mine, handle), Is.False);
        Assert.That(mine.TryReturn(handle), Is.False);
        Assert.Throws<InvalidOperationException>(() => mine.ValueOf(handle));
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.ForeignHandle));
        Assert.That(other.ValueOf(handle), Is.EqualTo(new Node(1, 2)));
        Assert.That(TryGet(other, handle), Is.True);
        other.Return(handle);
    }

    [Test]
    public void A_handle_of_another_runtime_is_refused()
    {
        if (GenerationBits < 32)
        {
            // With so few generations another runtime's handle may well match: the promise is for the full width.
            Assert.That(GenerationBits, Is.EqualTo(3));
            return;
        }

        using var stranger = new PoolRuntime(Options);
        var cache = Pool.CreateCache<Node>("node");
        var theirs = stranger.CreateCache<Node>("node").Rent();
        var ours = cache.Rent();

        Assert.That(TryGet(cache, theirs), Is.False);
        Assert.That(cache.TryReturn(theirs), Is.False);
        cache.Return(ours);
    }

    [Test]
    public void The_default_handle_and_handles_of_no_slot_are_refused()
    {
        var cache = Pool.CreateCache<Node>("node");
        cache.Rent();
        foreach (var handle in new[] { default, new SlabHandle<Node>(ulong.MaxValue), new SlabHandle<Node>((1ul << 32) | uint.MaxValue) })
        {
            Assert.That(TryGet(cache, handle), Is.False);
            Assert.That(cache.TryReturn(handle), Is.False);
            Assert.Throws<InvalidOperationException>(() => cache.ValueOf(handle));
        }
    }

    [Test]
    public void An_exclusive_cache_gives_no_references()
    {
        var cache = Pool.CreateCache<Node>("node", new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        var handle = cache.Rent();

        Assert.Throws<InvalidOperationException>(() => cache.TryGet(handle, out _));
        Assert.Throws<InvalidOperationException>(() => cache.Allocate());
        cache.Return(handle);
    }

    [Test]
    public void L1_an_allocated_object_is_destroyed_once_by_its_last_reference()
    {
        var destroyed = new List<Node>();
        var cache = Pool.CreateCache<Node>("node", destructor: (ref Node node) => destroyed.Add(node));
        var first = cache.Allocate();
        first.Value = new Node(7, 8);
        Assert.That(cache.TryGet(first.Handle, out var second), Is.True);

        first.Dispose();
        Assert.That(destroyed, Is.Empty);
        second.Dispose();
        Assert.That(destroyed, Is.EqualTo(new[] { new Node(7, 8) }));
    }

    [Test]
    public void A_return_of_an_object_without_an_owner_is_refused()
    {
        var cache = Pool.CreateCache<Node>("node");
        using var reference = cache.Allocate();

        Assert.That(cache.TryReturn(reference.Handle), Is.False);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
        Assert.That(TryGet(cache, reference.Handle), Is.True);
    }

    [Test]
    public void Hazard8_a_surplus_put_is_reported_and_the_next_object_is_untouched()
    {
        var cache = Pool.CreateCache<Node>("node");
        var reference = cache.Allocate();
        var copy = reference;
        reference.Dispose();
        copy.Dispose();
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.SurplusPut));

        var next = cache.Allocate();
        copy.Dispose();
        Assert.That(Violations.Count, Is.EqualTo(2));
        Assert.That(TryGet(cache, next.Handle), Is.True);
        next.Dispose();
    }

    [Test]
    public void Hazard20_the_constructor_runs_at_each_rent_before_anyone_can_see_the_object()
    {
        var constructed = 0L;
        var cache = Pool.CreateCache<Node>("node", Uncached, constructor: (ref Node node) => node = new Node(++constructed, 0));
        for (var i = 1; i <= 10; i++)
        {
            var handle = cache.Rent();
            Assert.That(cache.ValueOf(handle).Key, Is.EqualTo(i));
            cache.Return(handle);
        }
    }

    [Test]
    public void A_constructor_that_throws_passes_through_and_loses_nothing()
    {
        var failing = true;
        var cache = Pool.CreateCache<Node>("node", constructor: (ref Node _) =>
        {
            if (failing)
                throw new InvalidTimeZoneException();
        });
        for (var i = 0; i < 100; i++)
            Assert.Throws<InvalidTimeZoneException>(() => cache.Rent());
        Assert.Throws<InvalidTimeZoneException>(() => cache.Allocate());
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);

        failing = false;
        cache.Return(cache.Rent());
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void A_destructor_that_throws_is_reported_and_the_slot_is_free_once()
    {
        var cache = Pool.CreateCache<Node>("node", destructor: (ref Node _) => throw new InvalidTimeZoneException("no zone"));
        var handle = cache.Rent();
        Assert.DoesNotThrow(() => cache.Return(handle));
        cache.Allocate().Dispose();

        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.DestructorThrew));
        Assert.That(Violations[0].Exception, Is.InstanceOf<InvalidTimeZoneException>());
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Rents_fail_cleanly_when_the_capacity_is_spent_and_work_again_after_a_return()
    {
        var cache = Pool.CreateByteCache("big", 1 << 20);
        var handles = new List<SlabHandle>();
        while (cache.TryRent(out var handle))
            handles.Add(handle);

        Assert.That(handles, Has.Count.GreaterThanOrEqualTo(48));
        var error = Assert.Throws<OutOfMemoryException>(() => cache.Rent())!;
        Assert.That(error.Message, Does.Contain("big").And.Contain("64 MiB"), "capacity and who holds most");
        cache.Return(handles[0]);
        handles[0] = cache.Rent();
        Assert.That(handles, Is.Unique);
        cache.ReturnMany(handles.ToArray());
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void What_other_caches_and_threads_keep_free_is_given_to_whoever_needs_it()
    {
        var hoarder = Pool.CreateByteCache("hoarder", 1 << 20, new SlabCacheOptions { EmptySlabsKept = 100, ThreadCacheCapacity = 100 });
        void Hoard()
        {
            var handles = new List<SlabHandle>();
            while (hoarder.TryRent(out var handle))
                handles.Add(handle);
            hoarder.ReturnMany(handles.ToArray());
        }

        using var thread = new OtherThread(Hoard);
        Hoard();
        var needy = Pool.CreateByteCache("needy", 2 << 20);
        Assert.That(Enumerable.Range(0, 24).All(_ => needy.TryRent(out SlabHandle _)), Is.True);
    }

    [Test]
    public void Bulk_rents_and_returns_do_all_that_can_be_done()
    {
        var cache = Pool.CreateCache<Node>("node");
        var handles = new SlabHandle<Node>[1000];
        Assert.That(cache.TryRentMany(handles), Is.EqualTo(1000));
        Assert.That(handles, Is.Unique);

        cache.Return(handles[500]);
        var error = Assert.Throws<InvalidOperationException>(() => cache.ReturnMany(handles))!;
        Assert.That(error.Message, Does.Contain("1 of 1000"));
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero, "the other 999 are returned");
    }

    [Test]
    public void Objects_returned_on_other_threads_are_found_again()
    {
        var cache = Pool.CreateCache<Node>("node");
        for (var round = 0; round < 20; round++)
        {
            var handles = new SlabHandle<Node>[500];
            cache.TryRentMany(handles);
            new OtherThread(() => cache.ReturnMany(handles)).Dispose();
        }

        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
        Assert.That(cache.Untyped.Statistics().TotalSlabs, Is.LessThan(20), "what the other threads returned was reused");
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Hazard25_a_thread_that_only_frees_keeps_no_more_than_its_capacity()
    {
        var cache = Pool.CreateCache<Node>("node");
        var handles = new SlabHandle<Node>[10_000];
        cache.TryRentMany(handles);
        using var freer = new OtherThread(() => cache.ReturnMany(handles));

        Assert.That(cache.Untyped.Statistics().CachedObjects, Is.LessThanOrEqualTo(2 * cache.Untyped.ThreadCacheCapacity));
    }

    [Test]
    public void Empty_slabs_come_back_as_another_type_and_the_first_types_handles_stay_dead()
    {
        var stale = new List<SlabHandle<Node>>();
        var nodes = Pool.CreateCache<Node>("node", Uncached);
        var bytes = Pool.CreateByteCache("bytes", Unsafe.SizeOf<Node>(), Uncached);
        for (var round = 0; round < 50; round++)
        {
            var handle = nodes.Rent();
            nodes.Return(handle);
            stale.Add(handle);
            var other = bytes.Rent();
            foreach (var old in stale)
                Assert.That(TryGet(nodes, old) || nodes.TryReturn(old), Is.False);
            Assert.That(bytes.BytesOf(other).IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "what crosses a type is zeroed");
            bytes.BytesOf(other).Fill(0xcc);
            bytes.Return(other);
        }

        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void Zero_on_allocate_and_on_free_leave_no_content()
    {
        var cache = Pool.CreateByteCache("zeroed", 64, new SlabCacheOptions { ZeroOnAllocate = true, ZeroOnFree = true });
        for (var i = 0; i < 10; i++)
        {
            var handle = cache.Rent();
            Assert.That(cache.BytesOf(handle).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
            cache.BytesOf(handle).Fill(1);
            cache.Return(handle);
        }
    }

    private static bool TryGet<T>(SlabCache<T> cache, SlabHandle<T> handle)
        where T : unmanaged
    {
        if (!cache.TryGet(handle, out var reference))
            return false;
        reference.Dispose();
        return true;
    }
}
