using FolioRuntime.Harness;
using FolioRuntime.Race.Jobs;
using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Results;
using FolioRuntime.Race.Traces;

namespace FolioRuntime.Race;

/// <summary>A whole run: the jobs one after the other, then the table, the verdict and the JSON, also when it is interrupted.</summary>
internal sealed class RaceRun(RaceOptions options, ProgressView view, CancellationToken stop)
{
    private readonly RaceResults _results = new();

    public int Run()
    {
        var jobs = JobCatalog.For(options);
        var shares = Math.Max(jobs.Sum(job => job.Share), double.Epsilon);
        view.Line($"folio-race  seed {options.Seed}  {options.Threads} threads  about {options.Seconds:0.#} s  on {MachineInfo.ThisMachine}");
        var progress = new ProgressTable(JobContext.Columns);
        view.Show(progress, () =>
        {
            foreach (var job in jobs)
            {
                if (stop.IsCancellationRequested)
                    break;
                var time = TimeSpan.FromSeconds(options.Seconds * job.Share / shares);
                job.Run(new JobContext(options, time, _results, progress, stop));
            }
        });

        var verdict = Verdict.Of(_results, stop.IsCancellationRequested);
        ResultTable.Print(_results, view);
        if (options.JsonPath is not null)
        {
            var report = new RaceReport(1, "folio-race", options.Seed, verdict.Word, _results.Protocols, _results.Files, _results.Forged, _results.Hazards, DetectorStrength.Of(_results), _results.Memory);
            JsonFile.Write(options.JsonPath, report, RaceJson.Default.RaceReport);
        }

        Explain();
        view.Line(verdict.Sentence);
        return verdict.ExitCode;
    }

    /// <summary>Prints what was recorded, and what the runtime makes of the most telling schedule of a control.</summary>
    private void Explain()
    {
        foreach (var trace in _results.Traces)
            Print(trace);
        if (MostTelling() is not { } telling)
            return;
        if (options.TracePath is not null)
            JsonFile.Write(options.TracePath, telling, TraceJson.Default.Trace);
        if (ProtocolCatalog.Find(telling.Protocol).Role == ProtocolRole.Subject || stop.IsCancellationRequested)
            return;
        view.Line($"The same schedule as in {telling.Protocol}, {telling.Scenario}, replayed over the runtime:");
        Print(Replay.Run(telling, ProtocolCatalog.Subject));
    }

    private void Print(Trace trace)
    {
        foreach (var line in Timeline.Of(trace))
            view.Line(line);
        view.Line("");
    }

    // A trace of the subject if there is one, else the shortest.
    private Trace? MostTelling() => _results.Traces
        .OrderBy(trace => ProtocolCatalog.Find(trace.Protocol).Role == ProtocolRole.Control)
        .ThenBy(trace => trace.LivesLeftOut)
        .ThenBy(trace => trace.Steps.Count)
        .FirstOrDefault();
}
