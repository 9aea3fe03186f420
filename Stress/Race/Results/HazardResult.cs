using System.Text.Json.Serialization;

namespace FolioRuntime.Race.Results;

/// <summary>What came of one hazard: its control, which must be caught, and the runtime under the same workload, checks and pauses, which must not.</summary>
internal sealed record HazardResult(string Name, string Hazard, ControlCount Control, SubjectCount Subject)
{
    /// <summary>The first violation of the runtime, in words.</summary>
    [JsonIgnore]
    public string FirstViolation { get; init; } = "";

    /// <summary>This and a later result of the same hazard.</summary>
    public HazardResult Plus(HazardResult later) => this with
    {
        Control = new ControlCount(Control.Operations + later.Control.Operations, Control.Violations + later.Control.Violations),
        Subject = new SubjectCount(Subject.Operations + later.Subject.Operations, Subject.Violations + later.Subject.Violations),
        FirstViolation = FirstViolation.Length > 0 ? FirstViolation : later.FirstViolation,
    };
}
