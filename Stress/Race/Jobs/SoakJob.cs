using FolioRuntime.Primitives;
using FolioRuntime.Race.Results;
using FolioRuntime.Race.Soaking;

namespace FolioRuntime.Race.Jobs;

/// <summary>Runtimes with 8-bit generations, worn out: what is lost to exhaustion must stay bounded.</summary>
internal sealed class SoakJob : IJob
{
    public const string Name = "soak";

    public string Scenario => Name;

    public double Share => 2;

    public void Run(JobContext context)
    {
        var options = new SoakOptions { Threads = context.Options.Threads, Seed = context.Options.Seed, Time = context.Time };
        var row = context.Progress.Add("runtime", Name, "0", "0", "0", "running");
        var report = new SoakWorkload(options).Run(now => context.Progress.Update(row, Cells(now, "running")), context.Stop);
        context.Results.Soaked = new SoakResult(Violations(report), Remark(report, options));
        context.Progress.Finish(row, Line(report), Cells(report, StateOf(report)));
    }

    private static string[] Cells(SoakReport report, string state) =>
        ["runtime", Name, $"{report.Operations:N0}", $"{Violations(report):N0}", $"{report.StaleRejected:N0}", state];

    private static string Line(SoakReport report) => JobContext.Line(
        "runtime", Name, $"{report.Operations:N0} operations", Violations(report), report.StaleRejected,
        $"{StateOf(report)}, {report.LivesEnded:N0} runtimes worn out");

    private static string Remark(SoakReport report, SoakOptions options)
    {
        var ended = report.LastWords is null ? "" : $"; at its end a runtime says: {report.LastWords}";
        return $"{options.GenerationBits}-bit generations, {report.Operations:N0} rents and returns, {report.LivesEnded:N0} runtimes of {new ByteCount(options.ReservationBytes)} worn out, "
            + $"{report.WordsRetired:N0} words retired, {report.SlabsGivenBack:N0} slabs given back; memory lost in retired slots: at most {Loss(report.Peak)}, at the end {Loss(report.End)} "
            + $"(bound: half of the slabs and the rest of those worn out, {(report.BeyondBound == 0 ? "always kept" : $"NOT KEPT at {report.BeyondBound:N0} moments")}); address space retired {new ByteCount(report.End.RetiredPageBytes)}{ended}";
    }

    private static string Loss(LossSample sample) =>
        $"{new ByteCount(sample.LostBytes)}, {sample.ShareOfCommitted:P1} of what is committed and {sample.ShareOfSlabs:P1} of the slabs";

    private static string StateOf(SoakReport report) => Violations(report) == 0 ? "clean" : "VIOLATED";

    private static long Violations(SoakReport report) => report.Violations + report.BeyondBound;
}
