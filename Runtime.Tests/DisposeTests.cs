using System.Buffers;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Platform;
using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;

namespace FolioRuntime.Tests;

/// <summary>The end of a runtime: with objects out, from under running threads, twice, and without ever being called.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class DisposeTests(int generationBits) : RuntimeFixture(generationBits)
{
    [Test]
    public unsafe void What_is_out_is_reported_stays_valid_and_its_last_put_gives_the_memory_back()
    {
        var shared = Pool.CreateByteCache("shared", 5000);
        var exclusive = Pool.CreateByteCache("exclusive", 5000, new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        var idle = Pool.CreateByteCache("idle", 5000);
        idle.Return(idle.Rent());
        var rented = shared.Rent();
        var reference = shared.Allocate();
        var owned = exclusive.Rent();
        shared.BytesOf(rented).Fill(1);
        reference.Bytes.Fill(2);
        exclusive.BytesOf(owned).Fill(3);
        byte* memory;
        fixed (byte* first = shared.BytesOf(rented))
            memory = first;

        Pool.Dispose();

        Assert.That(Violations.Select(violation => (violation.Kind, violation.Subject)), Is.EquivalentTo(new[]
        {
            (ViolationKind.OutstandingAtDispose, "shared"),
            (ViolationKind.OutstandingAtDispose, "exclusive"),
        }));
        Assert.That(Violations.Single(violation => violation.Subject == "shared").ToString(), Does.Contain("2 objects"));
        Assert.That(shared.BytesOf(rented).IndexOfAnyExcept((byte)1), Is.EqualTo(-1));
        Assert.That(reference.Bytes.IndexOfAnyExcept((byte)2), Is.EqualTo(-1));
        Assert.That(exclusive.BytesOf(owned).IndexOfAnyExcept((byte)3), Is.EqualTo(-1));
        Assert.That(shared.TryGet(rented, out var further), Is.True, "a live object can still be got");
        further.Dispose();

        shared.Return(rented);
        reference.Dispose();
        Assert.That(Pool.Pages.AllocatedFrames, Is.GreaterThan(0));
        exclusive.Return(owned);
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(new Span<byte>(memory, 5000).IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "discarded, and still mapped");
        Assert.That(shared.TryGet(rented, out _) || shared.TryReturn(rented), Is.False, "L3");
    }

    [Test]
    public void Folios_that_are_out_at_the_end_are_reported_and_stay_valid()
    {
        var folio = Pool.Folios.Allocate(new PageOrder(1));
        folio.Bytes.Fill(9);
        Pool.Dispose();

        var violation = Violations.Single();
        Assert.That((violation.Kind, violation.Subject), Is.EqualTo((ViolationKind.OutstandingAtDispose, "folio")));
        Assert.That(violation.Detail, Does.Contain("1 folio"));
        Assert.That(folio.Bytes.IndexOfAnyExcept((byte)9), Is.EqualTo(-1));
        folio.Dispose();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
    }

    [Test]
    public void A_distributed_folio_that_is_out_is_reported_and_can_be_pinned_until_it_is_disposed()
    {
        var folio = Pool.Folios.Allocate(new PageOrder(0));
        folio.Bytes.Fill(9);
        Assert.That(Pool.Folios.TryDistribute(folio.Handle, out var distributed), Is.True);
        folio.Dispose();
        Assert.That(distributed!.TryPin(out var pin), Is.True);
        Pool.Dispose();

        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.OutstandingAtDispose));
        Assert.That(pin.Bytes.IndexOfAnyExcept((byte)9), Is.EqualTo(-1));
        using (new OtherThread(() =>
        {
            Assert.That(distributed.TryPin(out var late), Is.True, "a live folio can still be pinned");
            late.Dispose();
        }))
        {
            distributed.Dispose();
        }

        Assert.That(Pool.Pages.AllocatedFrames, Is.EqualTo(1));
        Assert.That(pin.Bytes.IndexOfAnyExcept((byte)9), Is.EqualTo(-1), "memory in use is not given back");
        pin.Dispose();
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(Violations, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_second_dispose_does_nothing()
    {
        var cache = Pool.CreateCache<long>("node");
        var handle = cache.Rent();
        cache.Dispose();
        cache.Dispose();
        Pool.Dispose();
        Pool.Dispose();
        Assert.That(Violations.Select(violation => violation.Kind), Is.EqualTo(new[] { ViolationKind.OutstandingAtDispose }));
        Assert.That(Pool.IsDisposed && cache.Untyped.IsDisposed, Is.True);
        cache.Return(handle);
    }

    [Test]
    public void Use_after_dispose_is_refused_and_what_only_looks_still_works()
    {
        var cache = Pool.CreateCache<long>("node");
        var blocks = Pool.CreateMemoryPool();
        var objects = Pool.CreateObjectPool(new DefaultPooledObjectPolicy<object>());
        var policy = new DefaultPooledObjectPolicy<object>();
        cache.Return(cache.Rent());
        blocks.Rent().Dispose();
        objects.Return(objects.Get());
        Pool.Dispose();

        Action[] uses =
        [
            () => cache.Rent(),
            () => cache.TryRent(out _),
            () => cache.Allocate(),
            () => cache.TryAllocate(out _),
            () => cache.TryRentMany(new SlabHandle<long>[3]),
            () => blocks.Rent(),
            () => objects.Get(),
            () => Pool.Folios.Allocate(new PageOrder(0)),
            () => Pool.CreateCache<int>("late"),
            () => Pool.CreateByteCache("late", 100),
            () => Pool.CreateMemoryPool(),
            () => Pool.CreateObjectPool(policy),
        ];
        foreach (var use in uses)
            Assert.That(use, Throws.InstanceOf<ObjectDisposedException>());

        using (new OtherThread(() => Assert.Throws<ObjectDisposedException>(() => cache.Rent()))) // a thread that never used it before
            Assert.That(cache.TryGet(default, out _), Is.False);
        Assert.That(Pool.Snapshot().ToString(), Is.Not.Empty);
        Assert.That(Pool.Trim(), Is.Zero);
    }

    [Test]
    public void A_disposed_cache_leaves_the_others_alone_and_its_name_free()
    {
        var first = Pool.CreateCache<long>("node");
        var handle = first.Rent();
        first.ValueOf(handle) = 5;
        first.Dispose();
        var second = Pool.CreateCache<long>("node");
        second.Return(second.Rent());
        Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(2), "the disposed one is listed while an object of it is out");
        Assert.That(first.ValueOf(handle), Is.EqualTo(5));
        first.Return(handle);
        Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(1));
    }

    [Test]
    public void Hazard19_Hazard33_disposing_under_threads_at_work_refuses_them_and_loses_nothing()
    {
        for (var round = 0; round < 20; round++)
        {
            using var pool = new PoolRuntime(Options);
            var shared = pool.CreateCache<long>("shared", new SlabCacheOptions { ThreadCacheCapacity = 3, EmptySlabsKept = 0, SlabOrder = 0 });
            var exclusive = pool.CreateCache<long>("exclusive", new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
            var blocks = pool.CreateMemoryPool();
            var objects = pool.CreateObjectPool(new DefaultPooledObjectPolicy<List<int>>());
            var latest = 0ul;
            using var started = new CountdownEvent(3);
            var threads = Enumerable.Range(0, 3).Select(_ => new OtherThread(() => Work(shared, exclusive, blocks, objects, ref latest, started), join: false)).ToArray();
            started.Wait();
            if (round % 2 == 0)
                shared.Dispose();
            pool.Dispose();
            foreach (var thread in threads)
                thread.Dispose();

            Assert.That(pool.Pages.AllocatedFrames, Is.Zero);
            Assert.That(pool.Pages.FreeFrames + pool.Pages.RetiredFrames, Is.EqualTo(pool.Pages.CommittedFrames), "L8");
            Assert.That(pool.Slabs.Snapshot(), Is.Empty);
        }
    }

    [Test]
    public void A_lookup_racing_dispose_and_the_collector_reads_a_dead_word_and_never_unmapped_memory()
    {
        for (var round = 0; round < 10; round++)
        {
            var pool = new PoolRuntime(Options);
            var cache = pool.CreateCache<long>("node", Uncached);
            var handles = Enumerable.Range(0, 1000).Select(_ => cache.Rent()).ToArray();
            cache.ReturnMany(handles);
            using var started = new ManualResetEventSlim();
            using var reader = new OtherThread(
                () =>
                {
                    for (var i = 0; i < 30_000; i++)
                    {
                        if (i == 1000)
                            started.Set();
                        if (cache.TryGet(handles[i % handles.Length], out _))
                            throw new InvalidOperationException("L3");
                    }
                },
                join: false);
            started.Wait();
            pool.Dispose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Test]
    public void A_runtime_dropped_without_dispose_stays_mapped_for_a_reference_and_goes_with_it()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem());
        UseAfterDrop(memory);
        Collect();
        Assert.That(memory.OpenRegions, Is.Zero, "the last user is gone, and the memory with it");
    }

    [Test]
    public void A_runtime_dropped_without_dispose_stays_mapped_for_owners_and_goes_with_them()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem());
        UseOwnersAfterDrop(memory);
        Collect();
        Assert.That(memory.OpenRegions, Is.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void UseAfterDrop(FaultInjectingMemory memory)
    {
        var reference = AllocateAndDrop(memory, out var runtime);
        Collect();
        Assert.That(runtime.IsAlive, Is.False, "nobody holds the runtime");
        Assert.That(memory.OpenRegions, Is.EqualTo(2), "the reference holds its memory");
        reference.Value++;
        Assert.That(reference.Value, Is.EqualTo(43));
        reference.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void UseOwnersAfterDrop(FaultInjectingMemory memory)
    {
        var owners = OwnersAndDrop(memory, out var runtime);
        Collect();
        Assert.That(runtime.IsAlive, Is.False);
        foreach (var owner in owners)
        {
            Assert.That(owner.Memory.Span[4095], Is.EqualTo(42));
            owner.Memory.Span.Clear();
            owner.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SlabReference<long> AllocateAndDrop(FaultInjectingMemory memory, out WeakReference runtime)
    {
        var pool = new PoolRuntime(Options, memory, memory);
        runtime = new WeakReference(pool);
        var reference = pool.CreateCache<long>("node").Allocate();
        reference.Value = 42;
        return reference;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private IMemoryOwner<byte>[] OwnersAndDrop(FaultInjectingMemory memory, out WeakReference runtime)
    {
        var pool = new PoolRuntime(Options, memory, memory);
        runtime = new WeakReference(pool);
        IMemoryOwner<byte>[] owners = [pool.CreateMemoryPool().Rent(), pool.Folios.AllocateOwner(new PageOrder(0))];
        foreach (var owner in owners)
            owner.Memory.Span.Fill(42);
        return owners;
    }

    private static void Work(
        SlabCache<long> shared,
        SlabCache<long> exclusive,
        MemoryPool<byte> blocks,
        ObjectPool<List<int>> objects,
        ref ulong latest,
        CountdownEvent started)
    {
        try
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                if (i == 10)
                    started.Signal();
                var handle = shared.Rent();
                Volatile.Write(ref latest, handle.ToUInt64());
                try
                {
                    if (shared.TryGet(new SlabHandle<long>(Volatile.Read(ref latest)), out var reference))
                        reference.Dispose();
                    exclusive.Return(exclusive.Rent());
                    using (var block = blocks.Rent())
                        block.Memory.Span[0] = 1;
                    objects.Return(objects.Get());
                }
                finally
                {
                    shared.Return(handle);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // What the dispose does to those at work.
        }
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
