using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Slabs under threads that do their worst, for a bounded number of operations.</summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class SlabThreadsTests(int generationBits) : RuntimeFixture(generationBits)
{
    private const int Threads = 3;

    private record struct Node(long Key, long Value);

    [Test]
    public void Hazard30_of_racing_returns_of_one_rent_exactly_one_succeeds([Values] SlabDiscipline discipline)
    {
        const int Rounds = 2000;
        var cache = Pool.CreateCache<Node>("node", new SlabCacheOptions { Discipline = discipline, ThreadCacheCapacity = 2, JudgeReturnsAtOnce = true });
        var handle = default(SlabHandle<Node>);
        var succeeded = 0;
        using var barrier = new Barrier(Threads, _ =>
        {
            if (Interlocked.Exchange(ref succeeded, 0) != 1)
                throw new InvalidOperationException("not exactly one return succeeded");
            handle = cache.Rent();
        });
        handle = cache.Rent();
        Run(_ =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                if (cache.TryReturn(handle))
                    Interlocked.Increment(ref succeeded);
                barrier.SignalAndWait();
            }
        });
        cache.Return(handle);
        Assert.That(Violations.Count, Is.EqualTo(Rounds * (Threads - 1)));
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
    }

    [Test]
    public void Returns_puts_and_lookups_of_a_few_hot_slots_of_two_types_destroy_each_object_once()
    {
        const int Rounds = 8000;
        var made = 0L;
        var ended = 0L;
        var wrong = 0L;
        SlabCache<Node> Create(string name, long key) => Pool.CreateCache(
            name,
            Uncached with { SlabOrder = 0 },
            constructor: (ref Node node) => node = new Node(key, Interlocked.Increment(ref made)),
            destructor: (ref Node node) =>
            {
                if (node.Key != key || node.Value == 0)
                    Interlocked.Increment(ref wrong);
                node = default;
                Interlocked.Increment(ref ended);
            });
        SlabCache<Node>[] caches = [Create("x", 'x'), Create("y", 'y')];
        var shelf = new ulong[4];
        Run(thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Rounds; i++)
            {
                var number = random.Next(2);
                var cache = caches[number];
                ref var place = ref shelf[random.Next(shelf.Length)];
                switch (random.Next(4))
                {
                    case 0:
                        if (cache.TryRent(out var rented))
                            cache.TryReturn(new SlabHandle<Node>(Interlocked.Exchange(ref place, rented.ToUInt64())));
                        break;
                    case 1:
                        if (cache.TryAllocate(out var allocated))
                        {
                            Volatile.Write(ref shelf[random.Next(shelf.Length)], allocated.Handle.ToUInt64());
                            allocated.Dispose();
                        }

                        break;
                    case 2:
                        cache.TryReturn(new SlabHandle<Node>(Volatile.Read(ref place)));
                        break;
                    default:
                        if (cache.TryGet(new SlabHandle<Node>(Volatile.Read(ref place)), out var reference))
                        {
                            if (reference.Value.Key != (number == 0 ? 'x' : 'y'))
                                Interlocked.Increment(ref wrong);
                            reference.Dispose();
                        }

                        break;
                }
            }
        });
        Assert.That(Interlocked.Read(ref wrong), Is.Zero);
        Assert.That(caches.Sum(cache => cache.Untyped.Statistics().ActiveObjects), Is.EqualTo(made - ended), "L1: what was made and not ended is out");
        Assert.That(Pool.ViolationCount(ViolationKind.SurplusPut) + Pool.ViolationCount(ViolationKind.Corruption), Is.Zero);
    }

    [Test]
    public void Hazard17_what_a_holder_reads_stays_while_trims_and_stale_lookups_go_on_around_it()
    {
        const int Rounds = 300;
        var held = Pool.CreateByteCache("held", 2000, Uncached with { SlabOrder = 0 });
        var churn = Pool.CreateByteCache("churn", 2000, Uncached with { SlabOrder = 0 });
        using var mine = held.Allocate();
        mine.Bytes.Fill(0x5a);
        var returned = new List<SlabHandle>[Threads];
        Run(thread =>
        {
            var handles = new SlabHandle[8];
            returned[thread] = [];
            for (var i = 0; i < Rounds; i++)
            {
                if (thread == 0)
                {
                    Pool.Trim();
                    continue;
                }

                var rented = churn.TryRentMany(handles);
                foreach (var handle in handles.AsSpan(0, rented))
                    churn.BytesOf(handle).Fill(0xff);
                churn.ReturnMany(handles.AsSpan(0, rented));
                returned[thread].AddRange(handles.AsSpan(0, rented));
                foreach (var handle in handles)
                {
                    if (held.TryGet(handle, out _))
                        throw new InvalidOperationException("the handle is another cache's");

                    // Another thread's failing look-up may hold the object for an instant after its return; until that is over it is whole.
                    if (!churn.TryGet(handle, out var reference))
                        continue;
                    if (reference.Bytes.ContainsAnyExcept((byte)0xff))
                        throw new InvalidOperationException("L4");
                    reference.Dispose();
                }
            }
        });
        Assert.That(returned.SelectMany(handles => handles).Any(handle => churn.TryGet(handle, out _)), Is.False, "L3");
        Assert.That(mine.Bytes.IndexOfAnyExcept((byte)0x5a), Is.EqualTo(-1));
    }

    [Test]
    public void Hazard18_the_capacity_and_the_threads_shares_are_never_overshot_under_contention()
    {
        const int Rounds = 150;
        var cache = Pool.CreateByteCache("blocks", 500_000, new SlabCacheOptions { ThreadCacheCapacity = 3, TrustPriorContent = true });
        var capacity = Pool.Pages.CapacityFrames;
        Run(_ =>
        {
            var handles = new SlabHandle[80];
            for (var i = 0; i < Rounds; i++)
            {
                var rented = cache.TryRentMany(handles);
                var now = Pool.Pages.Snapshot();
                if (now.CommittedFrames - now.RetiredFrames > capacity)
                    throw new InvalidOperationException("more frames than the capacity");
                cache.ReturnMany(handles.AsSpan(0, rented));
            }
        });
        var after = cache.Statistics();
        Assert.That(after.ActiveObjects, Is.Zero);
        Assert.That(after.CachedObjects, Is.LessThanOrEqualTo((Threads + 1) * 3));
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero, "nothing lost");
    }

    [Test]
    public void Hazard25_Hazard26_remote_returns_against_refills_and_ending_threads_lose_and_double_nothing([Values] SlabDiscipline discipline)
    {
        const int Handles = 20_000;
        var cache = Pool.CreateCache<Node>("node", new SlabCacheOptions { Discipline = discipline, ThreadCacheCapacity = 6, SlabOrder = 0 });
        using var channel = new System.Collections.Concurrent.BlockingCollection<SlabHandle<Node>>(64);
        using var producer = new OtherThread(
            () =>
            {
                try
                {
                    for (var i = 0; i < Handles; i++)
                    {
                        var handle = cache.Rent();
                        ref var node = ref cache.ValueOf(handle);
                        if (node.Key != 0)
                            throw new InvalidOperationException("in use by another");
                        node.Key = 1;
                        channel.Add(handle);
                    }
                }
                finally
                {
                    channel.CompleteAdding();
                }
            },
            join: false);

        // Those who give back never rented, and end after a while.
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        while (!channel.IsCompleted)
        {
            var freers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                try
                {
                    for (var i = 0; i < 500 && channel.TryTake(out var handle, Timeout.Infinite); i++)
                    {
                        cache.ValueOf(handle).Key = 0;
                        cache.Return(handle);
                    }
                }
                catch (InvalidOperationException failure)
                {
                    failures.Enqueue(failure);
                }
            })).ToArray();
            foreach (var freer in freers)
                freer.Start();
            foreach (var freer in freers)
                freer.Join();
        }

        producer.Dispose();
        Assert.That(failures, Is.Empty);
        Assert.That(cache.Untyped.Statistics().ActiveObjects, Is.Zero);
        Assert.That(Violations, Is.Empty);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void Hazard29_snapshots_trims_new_and_disposed_caches_may_run_against_each_other_and_against_work()
    {
        const int Rounds = 150;
        var cache = Pool.CreateCache<Node>("node", new SlabCacheOptions { SlabOrder = 0, EmptySlabsKept = 0 });
        Run(thread =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                switch ((thread + i) % 4)
                {
                    case 0:
                        if (Pool.Snapshot().ToString().Length == 0)
                            throw new InvalidOperationException("no table");
                        break;
                    case 1:
                        Pool.Trim();
                        break;
                    case 2:
                        using (var passing = Pool.CreateCache<Node>($"passing-{thread}"))
                            passing.Return(passing.Rent());
                        break;
                    default:
                        var handles = new SlabHandle<Node>[300];
                        cache.ReturnMany(handles.AsSpan(0, cache.TryRentMany(handles)));
                        break;
                }
            }
        });
        Assert.That(Pool.Snapshot().Caches, Has.Count.EqualTo(1), "the passing ones are forgotten");
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    [Test]
    public void Forged_handles_against_a_busy_runtime_are_accepted_only_where_an_object_lives()
    {
        var cache = Pool.CreateCache<Node>("node", new SlabCacheOptions { SlabOrder = 0 });
        var permanent = Enumerable.Range(0, 40).Select(i =>
        {
            var handle = cache.Rent();
            cache.ValueOf(handle) = new Node(i, ~i);
            return handle;
        }).ToArray();
        Run(thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 20_000; i++)
            {
                var right = permanent[random.Next(permanent.Length)];
                var forged = random.Next(3) switch
                {
                    0 => new SlabHandle<Node>((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
                    1 => new SlabHandle<Node>(right.ToUInt64() ^ (1ul << random.Next(32, 64))),
                    _ => right,
                };
                if (!cache.TryGet(forged, out var reference))
                    continue;
                if (reference.Value.Key != ~reference.Value.Value || reference.Handle != forged)
                    throw new InvalidOperationException("not an object of the cache");
                reference.Dispose();
            }
        });
        for (var i = 0; i < permanent.Length; i++)
            Assert.That(cache.ValueOf(permanent[i]), Is.EqualTo(new Node(i, ~i)), "L4");
        cache.ReturnMany(permanent);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    private static void Run(Action<int> work)
    {
        var threads = Enumerable.Range(0, Threads).Select(thread => new OtherThread(() => work(thread), join: false)).ToArray();
        foreach (var thread in threads)
            thread.Dispose();
    }
}
