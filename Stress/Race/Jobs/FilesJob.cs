using FolioRuntime.Primitives;
using FolioRuntime.Race.Files;
using FolioRuntime.Race.Results;

namespace FolioRuntime.Race.Jobs;

/// <summary>Real files, read through the shipping runtime and compared with themselves.</summary>
internal sealed class FilesJob : IJob
{
    public const string Name = "files";

    public string Scenario => Name;

    public double Share => 12;

    public void Run(JobContext context)
    {
        var directory = context.Options.FilesDirectory ?? DotnetInstallation.Directory;
        var row = context.Progress.Add("runtime", Name, "", "", "", "listing");
        var (files, unlisted) = RegularFiles.Under(directory, context.Stop);
        var workload = new FilesWorkload(files, new FilesOptions { Threads = context.Options.Threads, Seed = context.Options.Seed, Time = context.Time });
        var report = workload.Run(unlisted, now => context.Progress.Update(row, Cells(now, "reading")), context.Stop);
        context.Results.Files = new FilesResult(report.FilesRead, report.Bytes, report.Mismatches)
        {
            Violations = report.Violations,
            Remark = Remark(report),
        };
        var isClean = report.Mismatches + report.Violations == 0;
        context.Progress.Finish(row, Line(report, Conclusion(report, directory)), Cells(report, isClean ? "clean" : "VIOLATED"));
    }

    private static string[] Cells(FilesReport report, string state) =>
    [
        "runtime",
        Name,
        $"{report.Reads:N0}",
        $"{report.Mismatches + report.Violations:N0}",
        $"{report.StaleRejected:N0}",
        state,
    ];

    private static string Line(FilesReport report, string remark) => JobContext.Line(
        "runtime", Name, $"{report.Reads:N0} reads", report.Mismatches + report.Violations, report.StaleRejected, remark);

    private static string Conclusion(FilesReport report, string directory)
    {
        var coverage = report.FilesRead == report.Files
            ? $"all {report.Files:N0} files of {directory}, {report.Passes:0.#} times"
            : $"{report.FilesRead:N0} of {report.Files:N0} files, {new ByteCount(report.Bytes)} of {new ByteCount(report.TotalBytes)}, of {directory}";
        var unreadable = report.Unreadable == 0 ? "" : $", {report.Unreadable:N0} unreadable or changed";
        return $"{(report.Mismatches + report.Violations == 0 ? "clean" : "VIOLATED")}: {coverage}{unreadable}";
    }

    private static string Remark(FilesReport report)
    {
        var wrong = report.Violations == 0 ? "" :
            $"; {report.StaleAccepted:N0} stale handles accepted, {report.FreshRejected:N0} live ones refused, {report.LeakedFrames:N0} frames lost, {report.Reported:N0} reported by the runtime";
        return $", through {new ByteCount(report.CapacityBytes)} (peak {new ByteCount(report.PeakBytes)}) whose pages changed type {report.Retyped:N0} times; "
            + $"{report.StaleRejected:N0} stale handles rejected{wrong}";
    }
}
