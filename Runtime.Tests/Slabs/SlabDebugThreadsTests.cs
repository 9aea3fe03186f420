using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Caches under all debug options on several threads: nothing is reported that isn't so, and what is damaged is.</summary>
[TestFixture(32, SlabDiscipline.Shared, MemoryBacking.Native)]
[TestFixture(8, SlabDiscipline.Exclusive, MemoryBacking.Native)]
public sealed class SlabDebugThreadsTests(int generationBits, SlabDiscipline discipline, MemoryBacking backing)
    : SlabDebugFixture(generationBits, discipline, backing)
{
    private const int Threads = 4;
    private const int Rounds = 400;

    [Test]
    public void Rents_returns_and_checks_of_everything_at_once_find_nothing([Values(0, 3)] int guardSampleInterval)
    {
        var cache = Pool.CreateByteCache(
            "busy", Size, new SlabCacheOptions { Discipline = Discipline, Debug = SlabDebugOptions.All, SlabOrder = 0, GuardSampleInterval = guardSampleInterval, GuardedObjectsLimit = 5 });
        TestThreads.Run(Threads, number =>
        {
            var random = new Random(number);
            var held = new List<SlabHandle>();
            for (var round = 0; round < Rounds; round++)
            {
                if (number == 0 && round % 8 == 0)
                    Assert.That(cache.Validate(), Is.Zero);
                if (held.Count > 0 && random.Next(2) == 0)
                {
                    var at = random.Next(held.Count);
                    Assert.That(cache.BytesOf(held[at]).ContainsAnyExcept((byte)(number + 1)), Is.False, "nobody else writes there");
                    cache.Return(held[at]);
                    held.RemoveAt(at);
                }
                else
                {
                    held.Add(cache.Rent());
                    cache.BytesOf(held[^1]).Fill((byte)(number + 1));
                }

                if (number == 1 && round % 50 == 0)
                    Pool.Trim();
            }

            cache.ReturnMany(held.ToArray());
        });

        Assert.That(cache.Validate(), Is.Zero);
        Assert.That(cache.Statistics().ActiveObjects, Is.Zero);
        cache.Dispose();
        Assert.That(Violations, Is.Empty);
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
    }

    [Test]
    public void One_of_two_racing_returns_is_told_with_who_rented()
    {
        var cache = Create(SlabDebugOptions.All);
        for (var round = 0; round < 50; round++)
        {
            var handle = RentHere(cache);
            var returned = new int[2];
            TestThreads.Run(2, number => returned[number] = cache.TryReturn(handle) ? 1 : 0);
            Assert.That(returned.Sum(), Is.EqualTo(1));
        }

        Assert.That(Violations, Has.Count.EqualTo(50));
        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.DoubleReturn));
        Assert.That(Violations.Select(violation => violation.RentedBy!.Stack), Has.All.Contain(nameof(RentHere)));
        RequireAllGoesOn(cache);
    }

    [Test]
    public void Damage_on_one_thread_is_found_while_others_work_and_each_is_told_once()
    {
        var cache = Create(SlabDebugOptions.All);
        var damaged = new List<SlabHandle>();
        TestThreads.Run(Threads, number =>
        {
            for (var round = 0; round < 100; round++)
            {
                var handle = RentHere(cache);
                if (number == 0 && round % 20 == 0)
                {
                    Scribble(cache, handle, Size);
                    damaged.Add(handle);
                }

                ReturnHere(cache, handle);
            }
        });

        Assert.That(Violations.Select(violation => violation.Kind), Is.All.EqualTo(ViolationKind.Corruption));
        Assert.That(Violations, Has.Count.EqualTo(5));
        Assert.That(Violations.Select(violation => violation.Index), Is.Unique);
        foreach (var (violation, handle) in Violations.OrderBy(violation => violation.Index).Zip(damaged.OrderBy(handle => handle.Index)))
        {
            RequireNamed(violation, cache, handle);
            RequireBothStacks(violation, cache, handle.Generation, handle.Generation);
        }

        Assert.That(cache.Statistics().ActiveObjects, Is.Zero);
        RequireTheRestGoesOn(cache, [.. damaged]);
    }
}
