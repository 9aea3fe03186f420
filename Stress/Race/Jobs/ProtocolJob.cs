using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Results;
using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race.Jobs;

/// <summary>One protocol under one scenario, as a part of the run.</summary>
internal sealed class ProtocolJob(ProtocolEntry entry, Scenario scenario) : IJob
{
    public string Scenario => scenario.Name;

    public double Share => 1;

    public void Run(JobContext context)
    {
        using var run = new ProtocolRun(entry, scenario, context.Options.Threads, context.Options.Seed);
        var row = context.Progress.Add(Cells(run.Result, "running"));
        run.Run(context.Time, result => context.Progress.Update(row, Cells(result, "running")), context.Stop);
        context.Results.Units.Add(run.Result);
        context.Progress.Finish(row, Cells(run.Result, Remark(run.Result)));
    }

    private static string[] Cells(UnitResult result, string remark) =>
    [
        result.Protocol,
        result.Scenario,
        $"{result.Seconds:0.0} s",
        $"{result.Operations:N0} operations",
        $"{result.Violations:N0} violations",
        $"{result.StaleRejected:N0} stale rejected",
        remark,
    ];

    private static string Remark(UnitResult result) => (result.IsControl, result.Violations) switch
    {
        (true, 0) => "NOT CAUGHT",
        (true, _) => $"caught as it must be, first after {result.FirstViolationSeconds:0.000} s",
        (false, 0) => "clean",
        (false, _) => $"VIOLATED, first after {result.FirstViolationSeconds:0.000} s",
    };
}
