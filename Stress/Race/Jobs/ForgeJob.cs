using FolioRuntime.Race.Forging;
using FolioRuntime.Race.Results;

namespace FolioRuntime.Race.Jobs;

/// <summary>Forged handles against a busy shipping runtime. Ends by itself.</summary>
internal sealed class ForgeJob : IJob
{
    public const string Name = "forge";

    /// <summary>Attempts of a run that wasn't told how many.</summary>
    public const long DefaultAttempts = 2_000_000;

    public string Scenario => Name;

    public double Share => 0;

    public void Run(JobContext context)
    {
        var attempts = context.Options.ForgeAttempts ?? DefaultAttempts;
        var row = context.Progress.Add("runtime", Name, "0", "0", "0", "running");
        var workload = new ForgeWorkload(new ForgeOptions { Attempts = attempts, Threads = context.Options.Threads, Seed = context.Options.Seed });
        var report = workload.Run(now => context.Progress.Update(row, Cells(now, "running")), context.Stop);
        var damaged = report.Damaged + report.LeakedFrames;
        context.Results.Forged = new ForgeResult(report.Attempts, report.RightlyAccepted, report.WronglyAccepted) { Damaged = damaged };
        context.Progress.Finish(row, Line(report), Cells(report, StateOf(report)));
    }

    private static string[] Cells(ForgeReport report, string state) =>
    [
        "runtime",
        Name,
        $"{report.Attempts:N0}",
        $"{Violations(report):N0}",
        $"{Rejected(report):N0}",
        state,
    ];

    private static string Line(ForgeReport report) => JobContext.Line(
        "runtime", Name, $"{report.Attempts:N0} handles", Violations(report), Rejected(report), $"{StateOf(report)}, {report.Rented:N0} objects rented meanwhile");

    private static string StateOf(ForgeReport report) => (Violations(report), report.RightlyAccepted) switch
    {
        ( > 0, _) => "VIOLATED",
        (_, 0) => "no live object was named",
        _ => "clean",
    };

    private static long Violations(ForgeReport report) => report.WronglyAccepted + report.Damaged + report.LeakedFrames;

    private static long Rejected(ForgeReport report) => report.Attempts - report.RightlyAccepted - report.WronglyAccepted;
}
