using FolioRuntime.Platform;
using FolioRuntime.Slabs;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Faults;

/// <summary>Several threads meet the end of the memory at once: the capacity's, or the system's.</summary>
[TestFixture(4)]
[TestFixture(8)]
internal sealed class ExhaustionTests(int threads)
{
    private const int Steps = 400;

    private static PoolRuntimeOptions Options => new() { CapacityBytes = 2 << 20, ReservationBytes = 4 << 20, MaxOrder = 5 };

    [Test]
    public void At_the_capacity_no_cap_is_overshot_nothing_is_lost_and_every_thread_goes_on_afterwards()
    {
        using var pool = new PoolRuntime(Options);
        Play(pool, whenFull: () => Assert.That(pool.Pages.CommittedFrames, Is.EqualTo(pool.Pages.CapacityFrames), "all of it was needed"));
    }

    [Test]
    public void When_the_system_refuses_nothing_is_lost_and_every_thread_goes_on_afterwards([Values(2, 7, 20)] int failingCommit)
    {
        var memory = new FaultInjectingMemory(VirtualMemory.ForThisSystem())
        {
            FailingOperation = MemoryOperation.Commit,
            FailingCall = failingCommit,
            FailuresPersist = true,
        };
        using var pool = new PoolRuntime(Options, memory, memory);
        Play(pool, whenFull: () =>
        {
            Assert.That(memory.FailureCount, Is.GreaterThanOrEqualTo(threads), "each thread met it");
            Assert.That(Assert.Throws<OutOfMemoryException>(() => pool.Folios.Rent(new FolioRuntime.Primitives.PageOrder(5)))!.Message, Does.Contain("injected Commit"));
            memory.Lift();
        });
    }

    [Test]
    public void The_error_that_every_thread_meets_says_who_holds_most()
    {
        using var pool = new PoolRuntime(Options);
        var most = pool.CreateByteCache("whale", 16 << 10);
        var little = pool.CreateByteCache("minnow", 1 << 10);
        little.Rent();
        TestThreads.Run(threads, _ =>
        {
            OutOfMemoryException? met = null;
            while (met is null)
            {
                try
                {
                    most.Rent();
                }
                catch (OutOfMemoryException refusal)
                {
                    met = refusal;
                }
            }

            Expect.That(met.Message.Contains("No object of cache 'whale' is left", StringComparison.Ordinal), met.Message);
            Expect.That(met.Message.Contains("capacity 2 MiB", StringComparison.Ordinal), met.Message);
            Expect.That(met.Message.Contains("Most is held by whale", StringComparison.Ordinal), met.Message);
        });
    }

    /// <summary>The control: a slot in circulation twice, of which one thread finds the other's mark.</summary>
    [Test]
    public void Something_handed_out_twice_is_found()
    {
        using var pool = new PoolRuntime(Options);
        var shared = pool.CreateByteCache("shared", 1000, new SlabCacheOptions { ThreadCacheCapacity = 0 });
        var blocks = pool.CreateMemoryPool();
        var first = new Hoarder(pool, shared, shared, blocks, 1);
        first.TakeAll();
        shared.Store.Give([0]);
        var second = new Hoarder(pool, shared, shared, blocks, 2);
#if DEBUG
        Assert.That(() => second.TryTake(0), Throws.Exception.With.Message.Contains("only a dead word is published"), "a debug build finds it when it is handed out");
#else
        Assert.That(second.TryTake(0), Is.True);
        Assert.That(first.GiveBackAll, Throws.TypeOf<FaultFoundException>().Or.TypeOf<InvalidOperationException>());
#endif
    }

    private void Play(PoolRuntime pool, Action whenFull)
    {
        var shared = pool.CreateByteCache("shared", 1000);
        var exclusive = pool.CreateByteCache("exclusive", 3000, new SlabCacheOptions { Discipline = SlabDiscipline.Exclusive });
        var blocks = pool.CreateMemoryPool();
        using var full = new Barrier(threads, _ => whenFull());
        using var empty = new Barrier(threads);
        using var failed = new CancellationTokenSource();
        TestThreads.Run(threads, number =>
        {
            try
            {
                var hoarder = new Hoarder(pool, shared, exclusive, blocks, number);
                hoarder.TakeAll();
                full.SignalAndWait(failed.Token);
                hoarder.Churn(Steps);
                hoarder.GiveBackAll();
                empty.SignalAndWait(failed.Token);
                for (var i = 0; i < 2 * Hoarder.Kinds; i++)
                    Expect.That(hoarder.TryTake(i % Hoarder.Kinds), "a thread is refused though the memory is back");
                hoarder.GiveBackAll();
            }
            catch
            {
                // Whatever it was: the others must not wait for this thread.
                failed.Cancel();
                throw;
            }
        });
        Expect.Whole(pool, "afterwards");
    }
}
