using FolioRuntime.Race.Hazards;
using FolioRuntime.Race.Results;

namespace FolioRuntime.Race.Jobs;

/// <summary>One hazard: the control, then the runtime, each for its share of the time.</summary>
internal sealed class HazardJob(Hazard hazard) : IJob
{
    /// <summary>A control that hasn't been caught yet gets up to so many times its share: a slow machine is not a good control.</summary>
    private const int Patience = 20;

    // Of ten parts of the time. A control is caught soon; what matters is the subject.
    private const int ControlParts = 3;
    private const int Parts = 10;

    public string Scenario => hazard.Name;

    public double Share => 1;

    public void Run(JobContext context)
    {
        var options = context.Options;
        var row = context.Progress.Add("hazard", hazard.Name, "0", "0", "", "control");
        var result = Run(hazard, options.Threads, options.Seed, context.Time, context.Stop);
        context.Results.Add(result);
        context.Progress.Finish(row, Line(result), "hazard", hazard.Name, $"{result.Subject.Operations:N0}", $"{result.Subject.Violations:N0}", "", StateOf(result));
    }

    public static HazardResult Run(Hazard hazard, int threads, ulong seed, TimeSpan time, CancellationToken stop)
    {
        var controlTime = time * ControlParts / Parts;
        var control = Run(HazardVariant.Control, (run, elapsed) => elapsed >= controlTime * Patience || (elapsed >= controlTime && run.Result.Violations > 0));
        var subject = stop.IsCancellationRequested ? new HazardTally(0, 0, double.NaN, "") : Run(HazardVariant.Subject, (_, elapsed) => elapsed >= time - controlTime);
        return new HazardResult(
            hazard.Name,
            hazard.Words,
            new ControlCount(control.Operations, control.Violations),
            new SubjectCount(subject.Operations, subject.Violations))
        {
            FirstViolation = subject.First,
        };

        HazardTally Run(HazardVariant variant, Func<HazardRun, TimeSpan, bool> isOver)
        {
            using var run = new HazardRun(hazard, variant, threads, seed);
            run.Run(isOver, stop);
            return run.Result;
        }
    }

    private static string Line(HazardResult result) =>
        $"hazard     {result.Name,-20}  {result.Subject.Operations,12:N0} operations  {result.Subject.Violations,6:N0} violations  {StateOf(result)}";

    private static string StateOf(HazardResult result) => (result.Subject.Violations, result.Control.OperationsPerViolation) switch
    {
        ( > 0, _) => $"VIOLATED: {result.FirstViolation}",
        (_, null) => "control not caught",
        var (_, operations) => $"clean; its control is caught every {operations:N0} operations",
    };
}
