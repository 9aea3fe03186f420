using FolioRuntime.Harness;
using FolioRuntime.Race.Results;

namespace FolioRuntime.Race.Jobs;

/// <summary>What a job gets to work with.</summary>
/// <param name="Options">The command line.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="Results">Where its result goes; filled as far as it got when it is stopped.</param>
/// <param name="Progress">The table on the screen: the job adds a row of <see cref="Columns"/>, updates it and finishes it.</param>
/// <param name="Stop">Signalled when the run is interrupted: end within half a second.</param>
internal sealed record JobContext(RaceOptions Options, TimeSpan Time, RaceResults Results, ProgressTable Progress, CancellationToken Stop)
{
    /// <summary>The cells of a row, each readable by itself when it is printed as a line: "1,234 operations".</summary>
    public static string[] Columns { get; } = ["what", "scenario", "time", "done", "violations", "stale", "remark"];
}
