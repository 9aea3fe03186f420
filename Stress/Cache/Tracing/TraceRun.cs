using System.Collections.Concurrent;
using FolioRuntime.Harness;
using FolioRuntime.Harness.Caching;

namespace FolioRuntime.Caching.Tracing;

/// <summary>
/// Plays every trace to every subject at every size, and holds each to the optimum: whoever misses less cheats. A control that does must be noticed. An
/// interrupted run reports what it has.
/// </summary>
internal sealed class TraceRun(TraceOptions options, IReadOnlyList<TraceSubject> subjects, TraceSubject control, TextWriter output, TextWriter error, CancellationToken stop)
{
    private readonly List<TraceResult> _results = [];
    private readonly List<string> _violations = [];
    private int _controlsNoticed;

    public int Run()
    {
        var traces = new List<Trace>();
        try
        {
            traces.AddRange(options.Files.Count > 0 ? options.Files.Select(TraceReader.Read) : GeneratedTraces.All(options.Seed));
        }
        catch (InvalidTraceException wrong)
        {
            error.WriteLine(wrong.Message);
            return ExitCode.WrongInput;
        }

        if (options.Files.Count == 0)
            output.WriteLine($"Generated traces, seed {options.Seed}.");
        foreach (var trace in traces)
            output.WriteLine($"{trace.Name}: {trace.Pages.Length} accesses to {trace.Footprint} pages");
        var view = new ProgressView(output);
        var cells = traces.SelectMany(trace => SizesOf(trace).Select(size => (Trace: trace, Size: size))).ToArray();
        view.Progress("traces", cells.Length, progress =>
        {
            for (var i = 0; i < cells.Length && !stop.IsCancellationRequested; i++)
            {
                Play(cells[i].Trace, cells[i].Size);
                progress(i + 1);
            }
        });
        new TraceTables(output, view).Show(_results);
        foreach (var violation in _violations)
            output.WriteLine($"violation: {violation}");
        return Report(traces);
    }

    private IEnumerable<int> SizesOf(Trace trace) => options.Sizes.Select(size => Math.Max(1, (int)Math.Round(trace.Footprint * size / 100))).Distinct();

    private void Play(Trace trace, int size)
    {
        var misses = new ConcurrentDictionary<string, int>();
        Parallel.ForEach(subjects.Where(subject => size >= subject.LeastPages).Append(control), subject =>
        {
            try
            {
                misses[subject.Name] = subject.Misses(trace, size);
            }
            catch (PolicyViolationException wrong)
            {
                lock (_violations)
                    _violations.Add($"{trace.Name}, {size} pages: {wrong.Message}");
            }
        });
        var least = misses[TraceSubjects.Optimal];
        _controlsNoticed += misses[control.Name] < least ? 1 : 0;
        foreach (var subject in subjects.Where(subject => misses.ContainsKey(subject.Name)))
        {
            _results.Add(new TraceResult(trace.Name, subject.Name, size, (double)misses[subject.Name] / trace.Pages.Length));
            if (misses[subject.Name] < least)
                _violations.Add($"{trace.Name}, {size} pages: {subject.Name} missed {misses[subject.Name]} times, the optimum {least} times");
        }
    }

    private int Report(List<Trace> traces)
    {
        var (verdict, exitCode) = (_violations.Count, stop.IsCancellationRequested, _controlsNoticed) switch
        {
            ( > 0, true, _) => ("interrupted", ExitCode.Violation),
            ( > 0, false, _) => ("violation", ExitCode.Violation),
            (_, true, _) => ("interrupted", ExitCode.Inconclusive),
            (_, false, 0) => ("inconclusive", ExitCode.Inconclusive),
            _ => ("pass", ExitCode.Pass),
        };
        output.WriteLine($"{verdict}; the control ({control.Name}) was noticed {_controlsNoticed} times");
        if (options.Json is { } json)
        {
            var report = new TraceReport(
                TraceReport.CurrentSchema, TraceReport.ToolName, TraceReport.ModeName, verdict, options.Seed, _violations, [new CacheControl(control.Name, _controlsNoticed)],
                [.. traces.Select(trace => new TraceFacts(trace.Name, trace.Pages.Length, trace.Footprint))], _results);
            JsonFile.Write(json, report, TraceJson.Default.TraceReport);
        }

        return exitCode;
    }
}
