using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>What a cache says it rented and returned, against what was done, by every way there is.</summary>
[TestFixture(32)]
[TestFixture(2)]
public sealed class SlabTotalsTests(int generationBits) : RuntimeFixture(generationBits)
{
    private static readonly SlabCacheOptions s_exclusive = new() { Discipline = SlabDiscipline.Exclusive };
    private static readonly SlabCacheOptions s_shared = new();

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(s_exclusive).SetArgDisplayNames("exclusive");
        yield return new TestCaseData(s_exclusive with { JudgeReturnsAtOnce = true }).SetArgDisplayNames("exclusive, judged at once");
        yield return new TestCaseData(s_shared).SetArgDisplayNames("shared");
        yield return new TestCaseData(s_shared with { ThreadCacheCapacity = 0 }).SetArgDisplayNames("without thread caches");
        yield return new TestCaseData(s_shared with { ThreadCacheCapacity = 1 }).SetArgDisplayNames("one cached");
        yield return new TestCaseData(s_shared with { ZeroOnAllocate = true, ZeroOnFree = true }).SetArgDisplayNames("prepared");
        yield return new TestCaseData(s_shared with { Debug = SlabDebugOptions.RedZones | SlabDebugOptions.Poison }).SetArgDisplayNames("debugging");
        yield return new TestCaseData(s_shared with { GuardSampleInterval = 2, GuardedObjectsLimit = 8 }).SetArgDisplayNames("guards");
    }

    [TestCaseSource(nameof(Kinds))]
    public void Every_rent_and_return_of_several_threads_counts_once_through_ends_of_threads_and_trims(SlabCacheOptions options)
    {
        const int Threads = 3;
        const int Rounds = 300;
        var cache = Pool.CreateCache<long>("orders", options);
        var (rented, returned) = (0L, 0L);
        var left = new List<SlabHandle>[Threads];
        var threads = Enumerable.Range(0, Threads).Select(number => new OtherThread(
            () =>
            {
                var mine = new List<SlabHandle>();
                Span<SlabHandle> batch = stackalloc SlabHandle[20];
                for (var i = 0; i < Rounds; i++)
                {
                    if (i % 10 == number)
                    {
                        var got = cache.Untyped.TryRentMany(batch);
                        Interlocked.Add(ref rented, got);
                        cache.Untyped.ReturnMany(batch[(got / 2)..got]);
                        Interlocked.Add(ref returned, got - (got / 2));
                        mine.AddRange(batch[..(got / 2)]);
                    }

                    mine.Add(cache.Untyped.Rent());
                    Interlocked.Increment(ref rented);
                    for (; mine.Count > 40 + (i % 60); mine.RemoveAt(0))
                    {
                        cache.Untyped.Return(mine[0]);
                        Interlocked.Increment(ref returned);
                    }

                    if (i % 50 == 49)
                        cache.Trim();
                }

                left[number] = mine;
            },
            join: false)).ToList();
        threads.ForEach(thread => thread.Dispose());
        RequireTotals(rented, returned);

        // On another thread than the one that rented it.
        foreach (var handle in left.SelectMany(handles => handles))
            cache.Untyped.Return(handle);
        Pool.Trim();
        RequireTotals(rented, rented);
        Assert.That(Now.ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Hits_and_misses_are_told_apart()
    {
        var cache = Pool.CreateCache<long>("orders", s_exclusive with { ThreadCacheCapacity = 8 });
        var first = cache.Rent();
        cache.Return(first);
        for (var i = 0; i < 1000; i++)
            cache.Return(cache.Rent());
        Assert.That((Now.Rented, Now.Returned, Now.ThreadHits), Is.EqualTo((1001L, 1001L, 1001L - Now.Refills)));
        Assert.That((Now.ThreadMisses, Now.RentsRefused), Is.EqualTo((Now.Refills, 0L)));
        Assert.That(Now.Refills, GenerationBits == 32 ? Is.EqualTo(1) : Is.Positive, "with few generations slots are used up");
    }

    [Test]
    public void A_return_on_another_thread_counts_once_it_is_accepted_and_a_second_never()
    {
        var cache = Pool.CreateCache<long>("orders", s_exclusive);
        var handles = Enumerable.Range(0, 5).Select(_ => cache.Rent()).ToList();
        new OtherThread(() =>
        {
            foreach (var handle in handles)
                cache.Return(handle);
            cache.TryReturn(handles[0]);
            Assert.That((Now.Returned, Now.ReturnsOnTheWay), Is.EqualTo((0L, 6L)), "sent, and not judged");
        }).Dispose();

        cache.Trim();
        Assert.That((Now.Rented, Now.Returned, Now.ReturnsOnTheWay, Now.ActiveObjects), Is.EqualTo((5L, 5L, 0L, 0L)));
        Assert.That(Violations, Has.Count.EqualTo(1));
    }

    [Test]
    public void An_object_with_references_counts_as_returned_with_the_last_of_them()
    {
        var cache = Pool.CreateCache<long>("orders");
        var handle = cache.Rent();
        Assert.That(cache.TryGet(handle, out var reference), Is.True);
        cache.Return(handle);
        Assert.That(Now.Returned, Is.Zero);
        reference.Dispose();
        var allocated = cache.Allocate();
        Assert.That((Now.Rented, Now.Returned), Is.EqualTo((2L, 1L)));
        allocated.Dispose();
        Assert.That((Now.Rented, Now.Returned), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public void What_is_refused_counts_as_neither_and_a_rent_whose_constructor_throws_as_both()
    {
        var throws = false;
        var cache = Pool.CreateCache<long>("orders", constructor: (ref long _) =>
        {
            if (throws)
                throw new InvalidTimeZoneException();
        });
        var handle = cache.Rent();
        cache.Return(handle);
        Assert.That(cache.TryReturn(handle), Is.False);
        Assert.That((Now.Rented, Now.Returned), Is.EqualTo((1L, 1L)));
        throws = true;
        Assert.Throws<InvalidTimeZoneException>(() => cache.Rent());
        Assert.That((Now.Rented, Now.Returned, Now.ActiveObjects), Is.EqualTo((2L, 2L, 0L)));

        var large = Pool.CreateByteCache("large", 2 << 20);
        while (large.TryRent(out _))
        {
        }

        var now = Of("large");
        Assert.That((now.Rented, now.Returned, now.RentsRefused, now.ThreadMisses), Is.EqualTo((now.ActiveObjects, 0L, 1L, now.Refills + 1)));
    }

    [Test]
    public void A_slot_found_damaged_counts_as_rented_and_returned()
    {
        var cache = Pool.CreateByteCache("orders", 64, new SlabCacheOptions { Debug = SlabDebugOptions.Poison });
        var handle = cache.Rent();
        var stale = cache.BytesOf(handle);
        cache.Return(handle);
        stale[0] ^= 0xFF;
        var next = cache.Rent();
        Assert.That((Now.Rented, Now.Returned), Is.EqualTo((3L, 2L)));
        Assert.That(Violations, Has.Count.EqualTo(1));
        cache.Return(next);
        Assert.That((Now.Rented, Now.Returned), Is.EqualTo((3L, 3L)));
    }

    [Test]
    public void A_disposed_cache_goes_on_counting_what_comes_back_to_it()
    {
        var cache = Pool.CreateCache<long>("orders", s_exclusive);
        var handles = Enumerable.Range(0, 10).Select(_ => cache.Rent()).ToList();
        cache.Return(handles[0]);
        cache.Dispose();
        Assert.That((Now.Rented, Now.Returned), Is.EqualTo((10L, 1L)));
        for (var i = 1; i < 9; i++)
        {
            cache.Return(handles[i]);
            Assert.That((Now.Rented, Now.Returned), Is.EqualTo((10L, i + 1L)));
        }

        cache.Return(handles[9]);
        Assert.That(Pool.Snapshot().Caches, Is.Empty, "and is gone with the last");
    }

    private SlabCacheStatistics Now => Of("orders");

    private SlabCacheStatistics Of(string name) => Pool.Snapshot().Caches.Single(cache => cache.Name == name);

    private void RequireTotals(long rented, long returned)
    {
        var now = Now;
        Assert.That((now.Rented, now.Returned), Is.EqualTo((rented, returned)));
        Assert.That(now.Rented - now.Returned, Is.EqualTo(now.ActiveObjects + now.ReturnsOnTheWay));
        Assert.That(now.Rented, Is.EqualTo(now.ThreadHits + now.Refills));
    }
}
