using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Results;
using FolioRuntime.Race.Traces;
using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race.Jobs;

/// <summary>One protocol under one scenario, as a part of the run.</summary>
internal sealed class ProtocolJob(ProtocolEntry entry, Scenario scenario) : IJob
{
    public string Scenario => scenario.Name;

    // The subject has more steps to each operation, and it is the one that matters.
    public double Share => entry.Role == ProtocolRole.Subject ? 3 : 1;

    public void Run(JobContext context)
    {
        using var run = new ProtocolRun(entry, scenario, context.Options.Threads, context.Options.Seed);
        var row = context.Progress.Add(Cells(run.Result, "running"));
        var recordingTime = TimeSpan.Zero;
        if (context.Options.Explain)
        {
            recordingTime = context.Time / 2;
            Record(context, row, recordingTime);
        }

        run.Run(context.Time - recordingTime, result => context.Progress.Update(row, Cells(result, "running")), context.Stop);
        context.Results.Units.Add(run.Result);
        var (state, remark) = Remark(run.Result);
        context.Progress.Finish(row, Line(run.Result, remark), Cells(run.Result, state));
    }

    /// <summary>The same run, recorded, until enough was caught. It has its own line in the results, since recording makes it another run.</summary>
    private void Record(JobContext context, int row, TimeSpan time)
    {
        using var run = new ProtocolRun(entry, scenario, context.Options.Threads, context.Options.Seed, TraceCollector.DefaultEnough);
        run.Run(time, result => context.Progress.Update(row, Cells(result, "recording")), context.Stop);
        context.Results.Units.Add(run.Result);
        if (run.Traces?.Shortest is { } trace)
            context.Results.Traces.Add(trace);
    }

    private static string[] Cells(UnitResult result, string state) =>
    [
        result.Protocol,
        result.Scenario,
        $"{result.Operations:N0}",
        $"{result.Violations:N0}",
        $"{result.StaleRejected:N0}",
        state,
    ];

    private static string Line(UnitResult result, string remark) => JobContext.Line(
        result.Protocol, result.Scenario, $"{result.Operations:N0} operations", result.Violations, result.StaleRejected, remark);

    private static (string State, string Remark) Remark(UnitResult result) => (result.IsControl, result.Violations) switch
    {
        (true, 0) => ("not caught", "not caught here"),
        (true, _) => ("caught", $"caught, first after {result.FirstViolationSeconds:0.000} s"),
        (false, 0) when result.Refused == 0 => ("clean", "clean"),
        (false, 0) => ("clean", $"clean, the race refused {result.Refused:N0} times"),
        (false, _) => ("VIOLATED", $"VIOLATED, first after {result.FirstViolationSeconds:0.000} s: {result.FirstViolation}"),
    };
}
