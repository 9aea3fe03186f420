using FolioRuntime.Integrations.Pipelines;
using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests;

/// <summary>
/// Every call to the operating system that a runtime makes in a life of renting, returning, trimming and disposing, failing
/// once, or from then on: the answer is the documented one, nothing is lost, and everything works again when the system does.
/// </summary>
[TestFixture(32)]
[TestFixture(3)]
public sealed class RuntimeFaultTests(int generationBits)
{
    private PoolRuntimeOptions Options => new()
    {
        CapacityBytes = 4 << 20,
        ReservationBytes = 32 << 20,
        MaxOrder = 4,
        ThreadPageCapacity = 4,
        GenerationBits = generationBits,
        ExcludeFromDumps = true,
        TrimInterval = Timeout.InfiniteTimeSpan,
    };

    [Test]
    public void At_every_failing_call_the_answer_is_right_and_nothing_is_lost([Values] bool failuresPersist, [Values] HugePageMode hugePages)
    {
        var calls = FaultSweep.Run(memory => Live(memory, Options with { MaxOrder = hugePages == HugePageMode.Explicit ? 9 : 4, HugePages = hugePages }), failuresPersist);
        Assert.That(calls, Is.GreaterThanOrEqualTo(20));
    }

    [Test]
    public void Over_pinned_arrays_at_every_failing_call_the_answer_is_right_and_nothing_is_lost([Values] bool failuresPersist) =>
        FaultSweep.Run(memory => Live(memory, Options with { ReservationBytes = 4 << 20 }), failuresPersist, new PinnedArrayMemory());

    [Test]
    public void A_reservation_that_is_always_refused_says_which_call_and_how_much_and_holds_nothing()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem()) { FailingCall = 1, FailuresPersist = true };
        var error = Assert.Throws<VirtualMemoryException>(() => _ = new PoolRuntime(Options, memory, memory))!;
        Assert.That(error.Message, Does.Contain("Reserve"));
        Assert.That(memory.CallCount, Is.EqualTo(2), "32 MiB, then half of it, which is the least");
        Assert.That(memory.OpenRegions, Is.Zero);
    }

    [Test]
    public void A_refused_commit_is_named_as_the_cause_of_exhaustion()
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem())
        {
            FailingOperation = MemoryOperation.Commit,
            FailingCall = 1,
            FailuresPersist = true,
        };
        using var pool = new PoolRuntime(Options, memory, memory);
        var cache = pool.CreateCache<long>("starved");
        var error = Assert.Throws<OutOfMemoryException>(() => cache.Rent())!;
        Assert.That(error.Message, Does.Contain("starved").And.Contain("Commit"));
        Assert.That(cache.TryRent(out _), Is.False);
        memory.Lift();
        cache.Return(cache.Rent());
    }

    private static void Live(FaultInjectingMemory memory, PoolRuntimeOptions options)
    {
        PoolRuntime pool;
        try
        {
            pool = new PoolRuntime(options, memory, memory);
        }
        catch (VirtualMemoryException)
        {
            Assert.That(memory.FailureCount, Is.GreaterThan(0));
            Assert.That(memory.OpenRegions, Is.Zero, "a runtime that could not be made holds nothing");
            return;
        }

        using (pool)
        {
            var shared = pool.CreateCache<long>("shared", new SlabCacheOptions { SlabOrder = 0 });
            var exclusive = pool.CreateByteCache("exclusive", 20_000, new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
            var blocks = pool.CreateMemoryPool();
            for (var round = 0; round < 2; round++)
            {
                UseOnce(memory, shared, exclusive, blocks);
                pool.Trim();
                Assert.That(pool.Pages.AllocatedFrames, Is.Zero, "nothing is lost");
                RequireL8(pool);
            }

            if (memory.FailureCount > 0)
            {
                // The system has memory again.
                memory.Lift();
                for (var i = 0; i < 8; i++)
                    Assert.That(exclusive.TryRent(out var handle) && exclusive.TryReturn(handle), Is.True);
                shared.Return(shared.Rent());
            }
        }

        Assert.That(pool.Pages.AllocatedFrames, Is.Zero);
        Assert.That(pool.ViolationCount(ViolationKind.OutstandingAtDispose), Is.Zero);
        RequireL8(pool);
    }

    private static void UseOnce(FaultInjectingMemory memory, SlabCache<long> shared, SlabCache exclusive, SlabMemoryPool blocks)
    {
        var handles = new List<SlabHandle<long>>();
        for (var i = 0; i < 3000; i++)
        {
            if (shared.TryRent(out var handle))
                handles.Add(handle);
            else
                Assert.That(memory.FailureCount, Is.GreaterThan(0), "there is room but for the fault");
        }

        var large = new List<SlabHandle>();
        for (var i = 0; i < 8; i++)
        {
            if (exclusive.TryRent(out var handle))
            {
                exclusive.BytesOf(handle).Fill((byte)i);
                large.Add(handle);
            }
        }

        var owners = Enumerable.Range(0, 20).Select(_ => blocks.Rent()).ToArray();
        Assert.That(memory.FailureCount > 0 || blocks.FallbackCount == 0, Is.True);
        foreach (var owner in owners)
        {
            owner.Memory.Span.Fill(1);
            owner.Dispose();
        }

        shared.ReturnMany(handles.ToArray());
        exclusive.ReturnMany(large.ToArray());
    }

    private static void RequireL8(PoolRuntime pool)
    {
        var pages = pool.Pages.Snapshot();
        Assert.That(pages.AllocatedFrames + pages.FreeFrames + pages.RetiredFrames, Is.EqualTo(pages.CommittedFrames), "L8");
        Assert.That(pool.Pages.IsValid(), Is.True);
    }
}
