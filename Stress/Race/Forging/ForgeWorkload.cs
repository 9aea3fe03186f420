using System.Diagnostics;
using FolioRuntime.Harness;
using FolioRuntime.Lifetimes;
using FolioRuntime.Slabs;

namespace FolioRuntime.Race.Forging;

/// <summary>
/// A busy runtime with shared and exclusive caches and folios, and threads that rent and return there while they try forged handles. A second
/// runtime supplies handles that are real, but elsewhere. Ends by itself after the attempts asked for.
/// </summary>
internal sealed class ForgeWorkload(ForgeOptions options)
{
    private const long CapacityBytes = 8 << 20;
    private const int Strangers = 256;
    private const int TurnsBetweenReports = 4096;

    // Wrong returns are reported, as they must be; none of these may come of them.
    private static readonly ViolationKind[] s_neverReported = [ViolationKind.SurplusPut, ViolationKind.DestructorThrew, ViolationKind.Corruption];

    private readonly Stopwatch _clock = new();

    /// <param name="onProgress">Called now and then, on a working thread.</param>
    /// <param name="stop">Ends it at once.</param>
    public ForgeReport Run(Action<ForgeReport> onProgress, CancellationToken stop)
    {
        _clock.Start();
        using var pool = CreatePool();
        using var elsewhere = CreatePool();
        var targets = CreateTargets(pool, options.Lie);
        var strangers = RentStrangers(CreateTargets(elsewhere, lie: null));
        var workers = Enumerable.Range(0, options.Threads).Select(index => new ForgeWorker(targets, strangers, options.Seed, index)).ToArray();
        var failed = false;
        ThreadTeam.Run(workers.Length, Work, _ => Volatile.Write(ref failed, true));
        pool.Trim();
        return Report(pool.Pages.AllocatedFrames);

        void Work(int index)
        {
            var worker = workers[index];
            var attempts = (options.Attempts / workers.Length) + (index < options.Attempts % workers.Length ? 1 : 0);
            for (var turn = 1; worker.Tally.Attempts < attempts && !stop.IsCancellationRequested && !Volatile.Read(ref failed); turn++)
            {
                worker.Turn(attempts - worker.Tally.Attempts);
                if (index == 0 && turn % TurnsBetweenReports == 0)
                    onProgress(Report(leakedFrames: 0));
            }

            worker.ReleaseAll();
        }

        ForgeReport Report(long leakedFrames) => new(
            workers.Sum(worker => worker.Tally.Attempts),
            workers.Sum(worker => worker.Tally.RightlyAccepted),
            workers.Sum(worker => worker.Tally.WronglyAccepted),
            workers.Sum(worker => worker.Tally.Rented),
            targets.Sum(target => target.Damaged) + s_neverReported.Sum(pool.ViolationCount),
            leakedFrames,
            _clock.Elapsed.TotalSeconds);
    }

    private PoolRuntime CreatePool() => new(new PoolRuntimeOptions { CapacityBytes = CapacityBytes, GenerationBits = options.GenerationBits });

    private ForgeTarget[] CreateTargets(PoolRuntime pool, Predicate<ulong>? lie)
    {
        var frames = pool.Pages.Frames;
        var slots = new IssueBook(frames.FrameCount << frames.SlotShift, options.Patience);
        return
        [
            new SlabTarget(pool, slots, 1, 16, SlabDiscipline.Shared) { Lie = lie },
            new SlabTarget(pool, slots, 2, 64, SlabDiscipline.Shared) { Lie = lie },
            new SlabTarget(pool, slots, 3, 200, SlabDiscipline.Shared) { Lie = lie },
            new SlabTarget(pool, slots, 4, 64, SlabDiscipline.Exclusive),
            new FolioTarget(pool, new IssueBook(frames.FrameCount, options.Patience), 5) { Lie = lie },
        ];
    }

    private static ulong[] RentStrangers(ForgeTarget[] targets)
    {
        var strangers = new ulong[Strangers];
        for (var i = 0; i < strangers.Length; i++)
            targets[i % targets.Length].TryRent(out strangers[i]);
        return strangers;
    }
}
