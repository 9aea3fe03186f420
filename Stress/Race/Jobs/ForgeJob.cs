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
        var row = context.Progress.Add("runtime", Name, "", "", "", "", "starting");
        var workload = new ForgeWorkload(new ForgeOptions { Attempts = attempts, Threads = context.Options.Threads, Seed = context.Options.Seed });
        var report = workload.Run(now => context.Progress.Update(row, Cells(now, $"of {attempts:N0}")), context.Stop);
        var damaged = report.Damaged + report.LeakedFrames;
        context.Results.Forged = new ForgeResult(report.Attempts, report.RightlyAccepted, report.WronglyAccepted) { Damaged = damaged };
        var verdict = (report.WronglyAccepted + damaged, report.RightlyAccepted) switch
        {
            ( > 0, _) => "VIOLATED",
            (_, 0) => "NO LIVE OBJECT WAS EVER NAMED",
            _ => "clean",
        };
        context.Progress.Finish(row, Cells(report, $"{verdict}: {report.RightlyAccepted:N0} rightly accepted, {report.Rented:N0} rented meanwhile"));
    }

    private static string[] Cells(ForgeReport report, string remark) =>
    [
        "runtime",
        Name,
        $"{report.Seconds:0.0} s",
        $"{report.Attempts:N0} forged handles",
        $"{report.WronglyAccepted + report.Damaged + report.LeakedFrames:N0} violations",
        $"{report.Attempts - report.RightlyAccepted - report.WronglyAccepted:N0} rejected",
        remark,
    ];
}
