using System.Diagnostics;
using FolioRuntime.Harness;
using FolioRuntime.PageCaching;

namespace FolioRuntime.Caching.Verifying;

/// <summary>A scene with its threads, from beginning to end. Every other round the cache is disposed under its readers.</summary>
internal static class VerifyRound
{
    private const int LookMilliseconds = 20;

    /// <summary>Rounds have folios of up to 1, 2 and 4 pages in turn.</summary>
    private const int OrdersInTurn = 3;

    /// <param name="options">What was asked for.</param>
    /// <param name="originals">Files that were there.</param>
    /// <param name="number">Its number from 0: chooses the policy, why dirty pages are written, and how it ends.</param>
    /// <param name="control">A wrong reader that takes part; null: none.</param>
    /// <param name="duration">How long it lasts, if no control is caught earlier.</param>
    /// <param name="isRight">The control's line is right: for tests.</param>
    /// <param name="stop">Ends it.</param>
    public static VerifyTally Run(
        VerifyOptions options, IReadOnlyList<RegularFile> originals, int number, VerifyControl? control, TimeSpan duration, bool isRight, CancellationToken stop)
    {
        var seed = new XorShift(options.Seed, number).Next();

        // A control takes a page's folio for the page.
        var order = control is null ? number % OrdersInTurn : 0;
        using var scene = new VerifyScene(options, originals, ReplacementPolicies.All[number % ReplacementPolicies.All.Count], order, WritebackKind.Of(number / 2), seed);
        var reader = control?.Create?.Invoke(scene.Runtime, isRight);
        var workers = Enumerable.Range(0, options.Threads).Select(worker => new VerifyWorker(scene, reader, seed, worker)).ToArray();
        var isOver = false;

        // The one thread more looks at the clock.
        ThreadTeam.Run(workers.Length + 1, Work, _ => Volatile.Write(ref isOver, true));
        scene.Close();
        var all = new VerifyTally();
        foreach (var worker in workers)
            all.Merge(worker.Tally);
        all.PagesGivenUp += scene.Cache.Statistics.Reclaimed;
        all.LargeFolios += scene.Cache.Statistics.LargeFolios;
        all.PagesReadAhead += scene.Cache.Statistics.ReadAhead;
        all.PagesWritten += scene.Cache.Statistics.PagesWritten;
        all.WrittenByAge += scene.Cache.Statistics.WrittenByAge;
        all.WrittenForMemory += scene.Cache.Statistics.WrittenForMemory;
        foreach (var fault in scene.FaultsOfTheEnd())
            all.Fault(fault);
        foreach (var counts in scene.Nodes.Select(nodes => nodes.Type.Statistics))
        {
            all.NodesConstructed += counts.Constructed;
            all.NodesDestroyed += counts.Destroyed;
            all.NodesCleaned += counts.Cleaned;
        }

        return all;

        void Work(int index)
        {
            if (index == workers.Length)
            {
                Watch();
                return;
            }

            while (!Volatile.Read(ref isOver))
                workers[index].Turn();
        }

        void Watch()
        {
            var start = Stopwatch.GetTimestamp();

            // Ends: with the time, or before.
            while (Stopwatch.GetElapsedTime(start) < duration && !Volatile.Read(ref isOver) && !stop.WaitHandle.WaitOne(LookMilliseconds)
                && (control is null || isRight || !workers.Any(worker => worker.Tally.ControlViolations > 0)))
            {
            }

            if (number % 2 == 1)
                scene.Close();
            Volatile.Write(ref isOver, true);
        }
    }
}
