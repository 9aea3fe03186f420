using System.Diagnostics;
using FolioRuntime.Harness;

namespace FolioRuntime.Race.Files;

/// <summary>
/// Reads files through a runtime that has far less memory than they need, from several threads, and compares everything that comes
/// out with the files. Threads take segments from one shuffled list, round and round, until the time is up.
/// </summary>
internal sealed class FilesWorkload(IReadOnlyList<FileEntry> files, FilesOptions options)
{
    private const int ReportMilliseconds = 100;

    private readonly long _totalBytes = files.Sum(file => file.LengthBytes);
    private readonly Segment[] _segments = Shuffled([.. Segment.Of(files)], options.Seed);
    private readonly int[] _segmentsLeft = new int[files.Count];
    private readonly bool[] _unreadable = new bool[files.Count];
    private readonly Stopwatch _clock = new();
    private long _next = -1;
    private int _filesRead;
    private long _bytesCovered;

    /// <param name="unlisted">Entries that the listing passed over.</param>
    /// <param name="onProgress">Called now and then, on a working thread.</param>
    /// <param name="stop">Ends it within the time of one piece.</param>
    public FilesReport Run(int unlisted, Action<FilesReport> onProgress, CancellationToken stop)
    {
        foreach (var segment in _segments)
            _segmentsLeft[segment.File]++;
        _filesRead = _segmentsLeft.Count(segments => segments == 0);
        _clock.Start();
        using var timeUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeUp.CancelAfter(options.Time);
        using var store = new PieceStore(options.CapacityFor(_totalBytes), options.GenerationBits);
        var workers = Enumerable.Range(0, options.Threads).Select(index => new FilesWorker(store, options, index, timeUp.Token)).ToArray();
        var lastReport = TimeSpan.Zero;
        ThreadTeam.Run(workers.Length, Work, _ => timeUp.Cancel());
        var leaked = store.EvictAll(workers[0].Tally);
        return Report(leaked);

        void Work(int index)
        {
            // Ends: every turn takes the next segment, and the passes are limited, or the time is.
            while (!timeUp.IsCancellationRequested && Interlocked.Increment(ref _next) is var number && number < (long)options.Passes * _segments.Length)
            {
                ReadNext(workers[index], number, timeUp.Token);
                if (index == 0 && _clock.Elapsed - lastReport >= TimeSpan.FromMilliseconds(ReportMilliseconds))
                {
                    lastReport = _clock.Elapsed;
                    onProgress(Report(leakedFrames: 0));
                }
            }
        }

        FilesReport Report(long leakedFrames) => new()
        {
            Files = files.Count,
            FilesRead = _filesRead,
            Unreadable = unlisted + _unreadable.Count(unreadable => unreadable),
            TotalBytes = _totalBytes,
            Bytes = Interlocked.Read(ref _bytesCovered),
            Passes = _segments.Length == 0 ? 1 : Math.Min(options.Passes, (Interlocked.Read(ref _next) + 1.0) / _segments.Length),
            Seconds = _clock.Elapsed.TotalSeconds,
            CapacityBytes = store.Pool.CapacityBytes,
            PeakBytes = workers.Max(worker => worker.Tally.PeakFrames) * 4096,
            Reads = workers.Sum(worker => worker.Tally.Reads),
            Retyped = workers.Sum(worker => worker.Tally.Retyped),
            Mismatches = workers.Sum(worker => worker.Tally.Mismatches),
            StaleRejected = workers.Sum(worker => worker.Tally.StaleRejected),
            StaleAccepted = workers.Sum(worker => worker.Tally.StaleAccepted),
            FreshRejected = workers.Sum(worker => worker.Tally.FreshRejected),
            LeakedFrames = leakedFrames,
            Reported = store.Pool.Snapshot().Violations.Values.Sum(),
        };
    }

    private static Segment[] Shuffled(Segment[] segments, ulong seed)
    {
        var random = new XorShift(seed, -1);
        for (var i = segments.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (segments[i], segments[j]) = (segments[j], segments[i]);
        }

        return segments;
    }

    private void ReadNext(FilesWorker worker, long number, CancellationToken stop)
    {
        var segment = _segments[number % _segments.Length];
        var isFirstPass = number < _segments.Length;
        var bytesBefore = worker.Tally.Bytes;
        var read = worker.TryRead(files[segment.File], segment);
        if (!read && !stop.IsCancellationRequested)
            _unreadable[segment.File] = true;
        if (!isFirstPass)
            return;
        if (read && Interlocked.Decrement(ref _segmentsLeft[segment.File]) == 0)
            Interlocked.Increment(ref _filesRead);
        Interlocked.Add(ref _bytesCovered, worker.Tally.Bytes - bytesBefore);
    }
}
