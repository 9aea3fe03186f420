using FolioRuntime.Harness;
using FolioRuntime.Race.Results;

namespace FolioRuntime.Race.Jobs;

/// <summary>What a job gets to work with.</summary>
/// <param name="Options">The command line.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="Results">Where its result goes; filled as far as it got when it is stopped.</param>
/// <param name="Progress">The table on the screen: the job adds a row of <see cref="Columns"/>, updates it and finishes it with a line in words.</param>
/// <param name="Stop">Signalled when the run is interrupted: end within half a second.</param>
internal sealed record JobContext(RaceOptions Options, TimeSpan Time, RaceResults Results, ProgressTable Progress, CancellationToken Stop)
{
    /// <summary>The columns of the table that is shown while jobs run. "Done" counts operations, files or attempts.</summary>
    public static string[] Columns { get; } = ["what", "scenario", "done", "violations", "stale rejected", "state"];

    /// <summary>A finished row in words.</summary>
    public static string Line(string what, string scenario, string done, long violations, long staleRejected, string remark) =>
        $"{what,-9}  {scenario,-13}  {done,22}  {violations,6:N0} violations  {staleRejected,11:N0} stale rejected  {remark}";
}
