using System.Collections.Concurrent;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;
using NUnit.Framework;

namespace FolioRuntime.Tests;

[TestFixture(32)]
[TestFixture(3)]
public sealed class ThreadExitTests(int generationBits) : RuntimeFixture(generationBits)
{
    private const int Threads = 1000;
    private const int BlocksEach = 13;
    private const int NodesEach = 60;

    protected override PoolRuntimeOptions Options => base.Options with { CapacityBytes = 256 << 20, ReservationBytes = 256 << 20 };

    [Test]
    public void Hazard22_a_thousand_threads_that_end_with_full_caches_lose_nothing_and_the_memory_comes_back()
    {
        var blocks = Pool.CreateByteCache("blocks", 4096, new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive, ThreadCacheCapacity = BlocksEach });
        var small = Pool.CreateCache<long>("small");
        var before = ResidentBytes();
        long full;
        var rest = new ConcurrentBag<Action>();
        using (var filled = new CountdownEvent(Threads))
        using (var end = new ManualResetEventSlim())
        {
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => FillOwnCaches(blocks, small, rest, filled, end), maxStackSize: 256 << 10)).ToArray();
            foreach (var thread in threads)
                thread.Start();
            filled.Wait();
            full = ResidentBytes();
            Assert.That(blocks.Statistics().CachedObjects, Is.InRange(Threads * BlocksEach / 2 - Threads, Threads * BlocksEach), "every thread keeps its own, full or just flushed by half");
            end.Set();
            foreach (var thread in threads)
                thread.Join();
        }

        foreach (var giveBack in rest)
            giveBack();
        Assert.That(Violations, Is.Empty);
        var now = Pool.Snapshot();
        Assert.That(now.Caches.Select(cache => cache.ActiveObjects), Is.All.Zero);
        Assert.That(now.Caches.All(cache => cache.CachedObjects <= cache.Limit), Is.True, "what ended threads kept was taken in");
        var given = Pool.Trim();
        var pages = Pool.Pages.Snapshot();
        Assert.That(pages.AllocatedFrames, Is.Zero);
        Assert.That(pages.CachedFrames, Is.Zero);
        Assert.That(pages.FreeFrames + pages.RetiredFrames, Is.EqualTo(pages.CommittedFrames), "L8");
        Assert.That(given, Is.GreaterThan(Threads * BlocksEach * 4096L * 3 / 4));
        if (OperatingSystem.IsLinux())
        {
            const long Blocks = Threads * BlocksEach * 4096L;
            Assert.That(full - before, Is.GreaterThan(Blocks * 3 / 4), "the blocks were resident");
            Assert.That(full - ResidentBytes(), Is.GreaterThan(Blocks / 2), "and are not any more");
        }
    }

    [Test]
    public void Hazard26_objects_returned_by_threads_that_end_at_once_are_all_found_again([Values] SlabDiscipline discipline)
    {
        const int Objects = 200;
        var cache = Pool.CreateCache<long>("node", new SlabCacheOptions { Discipline = discipline, SlabOrder = 0 });
        var handles = new SlabHandle<long>[Objects];
        for (var round = 0; round < 50; round++)
        {
            Assert.That(cache.TryRentMany(handles), Is.EqualTo(Objects));
            var threads = handles.Chunk(50).Select(part => new Thread(() => cache.ReturnMany(part))).ToArray();
            foreach (var thread in threads)
                thread.Start();
            if (round % 2 == 0)
                cache.Trim();
            foreach (var thread in threads)
                thread.Join();
            var now = cache.Untyped.Statistics();
            Assert.That(now.ActiveObjects, Is.Zero);
        }

        Assert.That(cache.Untyped.Statistics().TotalObjects, Is.LessThanOrEqualTo(GenerationBits == 32 ? 8 * 256 : 32 * 256), "what was returned was used again");
        Assert.That(AllocatedFramesAfterTrim(), Is.Zero);
        Assert.That(Violations, Is.Empty);
    }

    private static void FillOwnCaches(SlabCache blocks, SlabCache<long> small, ConcurrentBag<Action> rest, CountdownEvent filled, ManualResetEventSlim end)
    {
        var handles = new SlabHandle[BlocksEach + 1];
        var nodes = new SlabHandle<long>[NodesEach + 2];
        Invariant.Require(blocks.TryRentMany(handles) == handles.Length && small.TryRentMany(nodes) == nodes.Length, "there is room for all threads");
        foreach (var handle in handles)
            blocks.BytesOf(handle).Fill(0xcd);
        blocks.ReturnMany(handles.AsSpan(1));
        small.ReturnMany(nodes.AsSpan(2));
        rest.Add(() => blocks.Return(handles[0]));
        rest.Add(() => small.ReturnMany(nodes.AsSpan(0, 2)));
        filled.Signal();
        end.Wait();
    }

    private static long ResidentBytes() => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize
        : 0;
}
