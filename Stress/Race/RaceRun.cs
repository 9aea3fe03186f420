using System.Globalization;
using FolioRuntime.Harness;
using FolioRuntime.Primitives;
using FolioRuntime.Race.Jobs;
using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Results;
using FolioRuntime.Race.Traces;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace FolioRuntime.Race;

/// <summary>A whole run: the jobs one after the other, then the table, the verdict and the JSON, also when it is interrupted.</summary>
internal sealed class RaceRun(RaceOptions options, ProgressView view, CancellationToken stop)
{
    private readonly RaceResults _results = new();

    public int Run()
    {
        var time = options.Hours is { } hours ? $"{hours:0.##} hours in rounds of {options.Seconds:0.#} s" : $"{options.Seconds:0.#} s";
        view.Line($"folio-race  seed {options.Seed}  {options.Threads} threads  about {time}  on {MachineInfo.ThisMachine}");
        if (options.Hours is not null)
            Soak(TimeSpan.FromHours(options.Hours.Value));
        else
            Play(options, new ProgressTable(JobContext.Columns));

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

    /// <summary>Plays all jobs once. What they print of themselves is left out in a round of many, unless it is drawn in place.</summary>
    private void Play(RaceOptions round, ProgressTable progress)
    {
        var jobs = JobCatalog.For(round);
        var shares = Math.Max(jobs.Sum(job => job.Share), double.Epsilon);
        if (round.Hours is null || view.IsLive)
            view.Show(progress, PlayAll);
        else
            PlayAll();

        void PlayAll()
        {
            foreach (var job in jobs)
            {
                if (stop.IsCancellationRequested)
                    break;
                job.Run(new JobContext(round, TimeSpan.FromSeconds(round.Seconds * job.Share / shares), _results, progress, stop));
            }
        }
    }

    /// <summary>Round after round, until the time is over, something is wrong, or it is interrupted.</summary>
    private void Soak(TimeSpan time)
    {
        var memory = new MemorySamples();
        var clock = Stopwatch.StartNew();
        var wrong = false;
        for (var round = 0ul; clock.Elapsed < time && !wrong && !stop.IsCancellationRequested; round++)
        {
            var seed = options.Seed + round;
            Play(options with { Seed = seed }, new ProgressTable(JobContext.Columns));
            var (resident, heap) = memory.Take();
            wrong = Verdict.Of(_results, interrupted: false).ExitCode == ExitCode.Violation;
            var operations = _results.Protocols.Where(protocol => !protocol.IsControl).Sum(protocol => protocol.Operations) + _results.Hazards.Sum(hazard => hazard.Subject.Operations);
            var caught = _results.Protocols.Where(protocol => protocol.IsControl).Sum(protocol => protocol.Violations) + _results.Hazards.Sum(hazard => hazard.Control.Violations);
            view.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{clock.Elapsed.TotalHours,7:0.00} h  round {round + 1,5}  seed {seed,10}  {operations,17:N0} operations  {(wrong ? "wrong" : "clean")}  controls caught {caught,11:N0} times  resident {new ByteCount(resident),10}  heap {new ByteCount(heap),10}"));
        }

        _results.Memory = memory.Judge(clock.Elapsed.TotalHours);
        view.Line(_results.Memory.Remark);
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
