using FolioRuntime.Lifetimes;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;
using FolioRuntime.Tests.Platform;
using NUnit.Framework;

namespace FolioRuntime.Tests.Faults;

/// <summary>
/// Every call to the operating system that a play makes, from the reservation to the last discard, refused once, refused from then
/// on, and refused from then on for its kind alone: the documented answers, nothing lost, the same play clean once the system has
/// memory again, and everything back at the end.
/// </summary>
[TestFixture(Backing.Native, 32)]
[TestFixture(Backing.Native, 4)]
[TestFixture(Backing.PinnedArray, 32)]
[Parallelizable(ParallelScope.Self)]
public sealed class MemoryFaultTests(Backing backing, int generationBits)
{
    private static IEnumerable<string> Plays => MemoryPlay.All.Keys;

    private PoolRuntimeOptions Options => new()
    {
        CapacityBytes = 4 << 20,
        ReservationBytes = 4 << 20,
        MaxOrder = 5,
        ThreadPageCapacity = 4,
        GenerationBits = generationBits,
        ExcludeFromDumps = true,
        TrimInterval = Timeout.InfiniteTimeSpan,
    };

    [TestCaseSource(nameof(Plays))]
    public void Each_call_refused_once(string play) => Report(Sweep(MemoryPlay.All[play], failuresPersist: false));

    [TestCaseSource(nameof(Plays))]
    public void Each_call_refused_and_all_after_it(string play) => Report(Sweep(MemoryPlay.All[play], failuresPersist: true));

    [Test]
    public void Each_call_of_one_kind_refused_and_all_of_its_kind_after_it()
    {
        foreach (var kind in Enum.GetValues<MemoryOperation>())
        {
            var calls = MemoryPlay.All.Values.Sum(play => Sweep(play, failuresPersist: true, kind, HugePagesFor(kind)));
            TestContext.Out.WriteLine($"{kind}: {calls} calls refused");
        }
    }

    /// <summary>The control: a user of the runtime that forgets what it had when it is refused more.</summary>
    [Test]
    public void A_play_that_loses_a_folio_at_a_refusal_is_found()
    {
        static void Leak(PoolRuntime pool)
        {
            // The second needs another area, and so another commit.
            if (pool.Folios.TryRent(new PageOrder(5), out var first) && pool.Folios.TryRent(new PageOrder(5), out var second))
            {
                pool.Folios.Return(second);
                pool.Folios.Return(first);
            }
        }

        Assert.That(() => FaultSweep.Run(memory => Live(memory, Options, (pool, _) => Leak(pool)), failuresPersist: true, backing.Memory()), Throws.TypeOf<FaultFoundException>());
    }

    private static HugePageMode HugePagesFor(MemoryOperation kind) => kind switch
    {
        MemoryOperation.AdviseHugePages => HugePageMode.Transparent,
        MemoryOperation.CommitHuge or MemoryOperation.ReplaceHuge => HugePageMode.Explicit,
        _ => HugePageMode.Off,
    };

    private PoolRuntimeOptions WithHugePages(HugePageMode mode) => mode == HugePageMode.Explicit
        ? Options with { CapacityBytes = 32 << 20, ReservationBytes = 32 << 20, MaxOrder = 9, HugePages = mode }
        : Options with { HugePages = mode };

    private static void Report(long calls)
    {
        Assert.That(calls, Is.GreaterThan(8));
        TestContext.Out.WriteLine($"{calls} calls refused");
    }

    private long Sweep(Action<MemoryPlay> play, bool failuresPersist, MemoryOperation? only = null, HugePageMode hugePages = HugePageMode.Off) => FaultSweep.Run(
        memory => Live(memory, hugePages == HugePageMode.Off ? Options : WithHugePages(hugePages), (pool, mayRefuse) => play(new MemoryPlay(pool, mayRefuse))),
        failuresPersist,
        backing.Memory(),
        only);

    private static void Live(FaultInjectingMemory memory, PoolRuntimeOptions options, Action<PoolRuntime, Func<bool>> play)
    {
        PoolRuntime pool;
        memory.PretendsToHaveHugePages = options.HugePages == HugePageMode.Explicit;
        try
        {
            pool = new PoolRuntime(options, memory, memory);
        }
        catch (VirtualMemoryException refusal)
        {
            Expect.That(memory.FailureCount > 0, "a reservation fails only when it is refused");
            Expect.That(refusal.Message.Contains("injected", StringComparison.Ordinal), "the error is the system's own");
            Expect.That(memory.OpenRegions == 0, "a runtime that could not be made holds nothing");
            return;
        }

        using (pool)
        {
            play(pool, () => memory.FailureCount > 0);
            Expect.Whole(pool, "after the play");
            if (memory.FailureCount > 0)
            {
                memory.Lift();
                play(pool, () => false);
                Expect.Whole(pool, "after the play on a recovered system");
            }
        }

        Expect.Whole(pool, "after the end");
        Expect.That(pool.ViolationCount(ViolationKind.OutstandingAtDispose) == 0, "nothing was out at the end");
        Expect.That(!pool.Folios.TryRent(new PageOrder(0), out _), "nothing is handed out after the end");
    }
}
