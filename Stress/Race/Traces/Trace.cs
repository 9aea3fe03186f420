namespace FolioRuntime.Race.Traces;

/// <summary>
/// The schedule of one slot that led to a violation: which thread called what, and the exact order of their accesses to
/// the slot's word. Recorded from real threads, saved as JSON, printed as a timeline, replayed by <see cref="Replay"/>.
/// </summary>
/// <param name="Protocol">The protocol it was recorded from.</param>
/// <param name="Scenario">The scenario it ran under.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="LivesLeftOut">Whole lives of the slot between the first and the last that were cut out, since nobody of the others took part in them.</param>
/// <param name="Calls">The calls, in the order of their first steps.</param>
/// <param name="Steps">The steps, in order.</param>
internal sealed record Trace(
    string Protocol,
    string Scenario,
    ulong Seed,
    int LivesLeftOut,
    IReadOnlyList<TraceCall> Calls,
    IReadOnlyList<TraceStep> Steps)
{
    public int Schema { get; init; } = 1;

    public string Tool { get; init; } = "folio-race trace";

    public int Threads => Calls.Count == 0 ? 0 : Calls.Max(call => call.Thread) + 1;

    /// <summary>The destructors that ran on an object of another type.</summary>
    public IEnumerable<TraceStep> WrongDestructors =>
        Steps.Where(step => step.Operation == TraceOperation.Destroy && step.DestructorType != step.ContentType);
}
