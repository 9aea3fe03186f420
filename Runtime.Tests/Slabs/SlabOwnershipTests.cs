using System.Collections.Concurrent;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Exclusive caches whose slabs are owned by threads: who judges a return, and what becomes of slabs and messages when threads end, trims come or memory runs out.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabOwnershipTests(int generationBits) : RuntimeFixture(generationBits)
{
    private const int Batch = 32;

    private static SlabCacheOptions Owned => new() { Discipline = SlabDiscipline.Exclusive };

    [Test]
    public void A_second_return_on_the_owners_thread_is_refused_at_once()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var handle = cache.Rent();
        cache.Return(handle);
        Assert.Throws<InvalidOperationException>(() => cache.Return(handle));
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.DoubleReturn).And.Exactly(2).Items);
    }

    [Test]
    public void A_return_on_another_thread_travels_and_counts_as_free_on_its_way()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var handle = cache.Rent();
        using (new OtherThread(() => cache.Return(handle)))
        {
            var statistics = cache.Untyped.Statistics();
            Assert.That(statistics.ReturnsOnTheWay, Is.EqualTo(1));
            Assert.That(statistics.ActiveObjects, Is.Zero);
            cache.Trim();
            Assert.That(cache.Untyped.Statistics().ReturnsOnTheWay, Is.Zero);
            Assert.That(cache.TryReturn(handle), Is.False, "it has arrived");
        }
    }

    [Test]
    public void Hazard26_a_full_outbox_is_delivered_and_the_owner_takes_it_in_with_its_next_slots()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var handles = Enumerable.Range(0, Batch + 1).Select(_ => cache.Rent()).ToArray();
        using (new OtherThread(() => cache.ReturnMany(handles)))
        {
            Assert.That(cache.Untyped.Statistics().ReturnsOnTheWay, Is.EqualTo(Batch + 1));
            var more = new SlabHandle<long>[200];
            Assert.That(cache.TryRentMany(more), Is.EqualTo(more.Length));
            Assert.That(cache.Untyped.Statistics().ReturnsOnTheWay, Is.Zero);
            cache.ReturnMany(more);
        }
    }

    [Test]
    public void Hazard30_a_second_return_elsewhere_is_told_when_the_owner_judges_it_and_puts_nothing_into_circulation_twice()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var handle = cache.Rent();
        using var first = new OtherThread(() => Assert.That(cache.TryReturn(handle)));
        using var second = new OtherThread(() => Assert.That(cache.TryReturn(handle), "its owner hasn't judged the first one yet"));
        Assert.That(Violations, Is.Empty);

        cache.Trim();
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
        Assert.That((Violations.Single().Index, Violations.Single().Generation), Is.EqualTo((handle.Index, handle.Generation)));
        var handles = Enumerable.Range(0, 100).Select(_ => cache.Rent()).ToArray();
        Assert.That(handles, Is.Unique);
        cache.ReturnMany(handles);
    }

    [Test]
    public void Hazard30_a_late_return_never_ends_the_next_life_of_its_slot()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned with { ThreadCacheCapacity = 1 });
        var handle = cache.Rent();
        using (new OtherThread(() => Assert.That(cache.TryReturn(handle))))
        {
            cache.Return(handle);
            var next = cache.Rent();
            Assert.That(next.Index, Is.EqualTo(handle.Index));
            cache.Trim();
            Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
            cache.ValueOf(next) = 1;
            cache.Return(next);
        }
    }

    [Test]
    public void Judged_at_once_a_second_return_is_refused_on_any_thread()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned with { JudgeReturnsAtOnce = true });
        var handle = cache.Rent();
        using (new OtherThread(() => cache.Return(handle)))
            Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.DoubleReturn));
    }

    [Test]
    public void A_handle_that_is_nobodys_is_refused_on_any_thread()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var other = Pool.CreateCache<long>("others", Owned);
        var handle = cache.Rent();
        using var elsewhere = new OtherThread(() =>
        {
            Assert.That(other.TryReturn(handle), Is.False, "another cache's");
            Assert.That(cache.TryReturn(new SlabHandle<long>(handle.ToUInt64() + 1)), Is.False, "another generation's");
            Assert.That(cache.TryReturn(new SlabHandle<long>(ulong.MaxValue)), Is.False, "no slot's");
        });
        Assert.That(Violations, Has.Count.EqualTo(3));
        cache.Return(handle);
    }

    [Test]
    public void Hazard22_what_an_owner_that_ended_left_out_can_be_returned_and_its_slabs_go_back()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned with { EmptySlabsKept = 0 });
        var handles = new SlabHandle<long>[100];
        TestThreads.Run(1, _ => cache.TryRentMany(handles));
        cache.ReturnMany(handles);
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void What_a_thread_that_has_ended_left_in_its_slab_comes_before_a_new_slab([Values] bool withObjectOut)
    {
        // This thread has a stack, and a slab with nothing left in it.
        var cache = Pool.CreateCache<long>("numbers", Owned with { SlabOrder = 0, ThreadCacheCapacity = 8 });
        var own = new SlabHandle<long>[256];
        Assert.That(cache.TryRentMany(own), Is.EqualTo(own.Length));
        var handles = new SlabHandle<long>[100];
        TestThreads.Run(1, _ =>
        {
            Assert.That(cache.TryRentMany(handles), Is.EqualTo(handles.Length));
            cache.ReturnMany(handles.AsSpan(withObjectOut ? 1 : 0));
        });
        Assert.That(cache.Untyped.Store.Counts().SlabsCreated, Is.EqualTo(2));

        var mine = new SlabHandle<long>[100];
        Assert.That(cache.TryRentMany(mine), Is.EqualTo(mine.Length));
        Assert.That(cache.Untyped.Store.Counts().SlabsCreated, Is.EqualTo(2));
        cache.ReturnMany(mine);
        cache.ReturnMany(own);
        if (withObjectOut)
            cache.Return(handles[0]);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Memory_that_another_thread_owns_is_found_before_a_rent_fails()
    {
        var cache = Pool.CreateByteCache("blocks", 64 << 10, Owned with { ThreadCacheCapacity = 8 });
        var all = new List<SlabHandle>();
        using (new OtherThread(() =>
        {
            while (cache.TryRent(out var handle))
                all.Add(handle);
            foreach (var handle in all.Take(6))
                cache.Return(handle);
        }))
        {
            var found = new SlabHandle[7];
            Assert.That(cache.TryRentMany(found), Is.EqualTo(6));
            cache.ReturnMany(found.AsSpan(0, 6));
        }

        cache.ReturnMany(all.Skip(6).ToArray());
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Hazard25_an_owner_that_stands_still_leaves_a_bounded_number_of_messages()
    {
        const int Objects = 20_000;
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var handles = new SlabHandle<long>[Objects];
        using var owner = new OtherThread(() => Assert.That(cache.TryRentMany(handles), Is.EqualTo(Objects)));
        var most = 0L;
        foreach (var handle in handles)
        {
            cache.Return(handle);
            if (handle.Index % 64 == 0)
                most = Math.Max(most, cache.Untyped.Statistics().ReturnsOnTheWay);
        }

        Assert.That(most, Is.InRange(Batch, 1024 + (2 * Batch)));
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Hazard19_Hazard33_a_dispose_delivers_what_is_on_its_way()
    {
        var cache = Pool.CreateCache<long>("numbers", Owned);
        var handles = Enumerable.Range(0, 50).Select(_ => cache.Rent()).ToArray();
        using var elsewhere = new OtherThread(() => cache.ReturnMany(handles.AsSpan(0, 49).ToArray()));
        cache.Dispose();
        Assert.That(Violations.Single().Kind, Is.EqualTo(ViolationKind.OutstandingAtDispose));
        Assert.That(Violations.Single().Detail, Does.StartWith("1 objects were out"));
        cache.Return(handles[^1]);
        Assert.That(Pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(cache.TryReturn(handles[^1]), Is.False);
    }

    [Test]
    public void A_word_in_its_last_generation_retires_wherever_it_is_returned([Values] bool elsewhere)
    {
        using var pool = new PoolRuntime(Options with { GenerationBits = 3 });
        var told = 0;
        pool.ViolationDetected += _ => told++;
        var cache = pool.CreateCache<long>("numbers", Owned with { ThreadCacheCapacity = 1 });
        var handles = new List<SlabHandle<long>>();
        for (var i = 0; i < 200; i++)
        {
            var handle = cache.Rent();
            handles.Add(handle);
            if (elsewhere)
            {
                using var other = new OtherThread(() => cache.Return(handle));
                cache.Trim();
            }
            else
            {
                cache.Return(handle);
            }
        }

        Assert.That(handles, Is.Unique);
        Assert.That(cache.Untyped.Statistics().RetiredEver, Is.GreaterThan(0));
        Assert.That(told, Is.Zero);
    }

    [Test]
    public void Handed_to_and_fro_between_threads_under_trims_no_object_is_given_twice_and_none_is_lost()
    {
        const int Rounds = 20_000;
        var cache = Pool.CreateCache<ulong>("numbers", Owned with { ThreadCacheCapacity = 4 });
        var shelf = new ConcurrentBag<SlabHandle<ulong>>();
        TestThreads.Run(4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Rounds; i++)
            {
                switch (random.Next(8))
                {
                    case < 4 when cache.TryRent(out var rented):
                        cache.ValueOf(rented) = rented.ToUInt64();
                        shelf.Add(rented);
                        break;
                    case < 7 when shelf.TryTake(out var taken):
                        if (cache.ValueOf(taken) != taken.ToUInt64())
                            throw new InvalidOperationException("somebody else wrote into a rented object");
                        cache.Return(taken);
                        break;
                    case 7 when i % 64 == 0:
                        cache.Trim();
                        break;
                }
            }
        });
        while (shelf.TryTake(out var rest))
            cache.Return(rest);
        Assert.That(Violations, Is.Empty);
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }
}
