using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;
using FolioRuntime.Primitives;

namespace FolioRuntime.Caching.Measuring;

/// <summary>For each number of threads and each size a measurement in which all ways take turns; then what comes and goes, and writes, on one thread.</summary>
internal sealed class BenchRun(BenchOptions options, TextWriter output, CancellationToken stop)
{
    private readonly ProgressView _view = new(output);
    private readonly List<BenchResult> _results = [];

    public int Run()
    {
        output.WriteLine($"folio-cache bench  seed {options.Seed}  {options.Rounds} rounds  a file of {new ByteCount(BenchFiles.Pages * PageOrder.FrameBytes)}  on {MachineInfo.ThisMachine}");
        using var files = new BenchFiles(options.Seed);
        foreach (var size in options.Sizes)
            files.RequireSame(size);
        foreach (var threads in options.Threads)
        {
            using var crew = new Crew(threads);
            foreach (var size in options.Sizes)
                Measure([.. files.Ways.Select(way => OperationOf(way, size, threads, crew))], size, threads);
        }

        using var misses = new MissOperations(files.FilePath);
        foreach (var comparison in misses.Comparisons)
            Measure(comparison, PageOrder.FrameBytes, threads: 1);
        using var writes = new WriteOperations();
        foreach (var size in (int[])[64, PageOrder.FrameBytes])
            Measure(writes.Writes(size), size, threads: 1);
        Measure(writes.Writebacks, PageOrder.FrameBytes, threads: 1);
        return Conclude();
    }

    private static TimedOperation OperationOf(BenchWay way, int size, int threads, Crew crew)
    {
        var readers = Enumerable.Range(0, threads).Select(thread => way.Create(size, thread)).ToArray();
        return new TimedOperation(way.Name, threads == 1 ? readers[0] : count => crew.Run(thread => readers[thread](count)));
    }

    private void Measure(TimedOperation[] operations, int size, int threads)
    {
        if (stop.IsCancellationRequested)
            return;
        var baseline = operations[0].Name;
        IReadOnlyList<PairedResult> paired = [];
        _view.Progress($"{size} bytes, {threads} threads", options.Rounds, progress => paired = new PairedMeasurement(operations, baseline).Run(options.Rounds, stop, progress));
        var results = paired.Where(result => result.Rounds > 0)
            .Select(result => new BenchResult(result.Name, size, threads, result.Nanoseconds, baseline, result.Ratio, result.RatioLow, result.RatioHigh)).ToArray();
        _results.AddRange(results);
        output.WriteLine();
        output.WriteLine($"{size} bytes, {threads} thread{(threads == 1 ? "" : "s")}");
        _view.Table(
            ["way", $"ratio to {baseline}", "quartiles", "ns of a thread"],
            [.. results.Select(result => (string[])[result.Way, $"{result.RatioToBaseline:0.000}", $"{result.RatioLow:0.000} - {result.RatioHigh:0.000}", $"{result.NanosecondsPerOperation:0.0}"])]);
    }

    private int Conclude()
    {
        var isInterrupted = stop.IsCancellationRequested;
        output.WriteLine();
        Say(64, BenchFiles.Optimistic, BenchFiles.System, ratio => $"64 bytes by an optimistic read: {1 / ratio:0.0} times as fast as the system's call (aim: at least 20)");
        Say(64, BenchFiles.Optimistic, BenchFiles.Mapped, ratio => $"64 bytes by an optimistic read: {1 / ratio:0.00} of a mapped copy's speed (aim: at least 0.5)");
        Say(PageOrder.FrameBytes, BenchFiles.Read, BenchFiles.System, ratio => $"4 KiB: {1 / ratio:0.0} times as fast as the system's call (aim: at least 6)");
        Say(PageOrder.FrameBytes, MissOperations.GetPut, MissOperations.Adds, ratio => $"a page got and put: {ratio:0.00} of two atomic adds (aim: at most 3.5)");
        Say(PageOrder.FrameBytes, MissOperations.Miss, MissOperations.System, ratio => $"4 KiB that miss and displace a page: {ratio:0.00} of the system's call (aim: at most 1.15)");
        Say(PageOrder.FrameBytes, MissOperations.Kept, MissOperations.System, ratio => $"4 KiB read into one of as many pages and copied from there, and nothing else: {ratio:0.00} of the system's call");
        Say(PageOrder.FrameBytes, MissOperations.MissZeroCopy, MissOperations.System, ratio => $"the page itself, missed: {ratio:0.00} of the system's call");
        Say(PageOrder.FrameBytes, BenchFiles.Typed, BenchFiles.ZeroCopy, ratio => $"a page of a type got by its key and put: {ratio:0.00} of a file's page");
        Say(PageOrder.FrameBytes, MissOperations.Typed, MissOperations.Unread, ratio => $"a page of a type constructed in the place of one that is destroyed: {ratio:0.00} of a miss for which nothing is read");
        Say(BenchFiles.LongestReadBytes, BenchFiles.ReadLarge, BenchFiles.Read, ratio => $"64 KiB in folios of that size: {ratio:0.00} of what they take in single pages");
        Say(BenchFiles.LongestReadBytes, BenchFiles.ZeroCopyLarge, BenchFiles.ZeroCopy, ratio => $"the same, not copied: {ratio:0.00}");
        Say(PageOrder.FrameBytes, MissOperations.ScanLarge, MissOperations.Scan, ratio => $"a file that isn't there, read through by 4 KiB, in folios of up to 64 KiB: {ratio:0.00} of what it takes in single pages");
        Say(PageOrder.FrameBytes, MissOperations.Reclaim, MissOperations.Bare, ratio => $"a page given up: {ratio:0.00} of a page allocated and freed (aim: at most 4)");
        foreach (var size in (int[])[64, PageOrder.FrameBytes])
        {
            Say(size, WriteOperations.Dirty, WriteOperations.System, ratio => $"{size} bytes written to a page that is dirty: {ratio:0.000} of the system's call");
            Say(size, WriteOperations.Clean, WriteOperations.System, ratio => $"{size} bytes written to a page that isn't: {ratio:0.000} of the system's call");
        }

        Say(PageOrder.FrameBytes, WriteOperations.Writeback, WriteOperations.SystemPage, ratio => $"a dirty page written to its file: {ratio:0.00} of the system's call for a page");
        if (options.Json is { } json)
        {
            var report = new BenchReport(
                BenchReport.CurrentSchema, TraceReport.ToolName, BenchReport.ModeName, isInterrupted ? "interrupted" : "measured", options.Seed, MachineInfo.ThisMachine, options.Rounds, _results);
            JsonFile.Write(json, report, BenchJson.Default.BenchReport);
        }

        if (isInterrupted)
            output.WriteLine("Interrupted: this is as far as it came.");
        return isInterrupted ? ExitCode.Inconclusive : ExitCode.Pass;
    }

    // Ratios of rounds where both were compared in them, else of these ratios.
    private void Say(int size, string way, string to, Func<double, string> text)
    {
        var own = _results.Find(result => result.SizeBytes == size && result.Threads == 1 && result.Way == way);
        var other = _results.Find(result => result.SizeBytes == size && result.Threads == 1 && result.Way == to && result.Baseline == own?.Baseline);
        if (own is not null && other is not null)
            output.WriteLine(text(own.RatioToBaseline / other.RatioToBaseline));
    }
}
