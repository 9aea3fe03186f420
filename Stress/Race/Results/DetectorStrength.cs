namespace FolioRuntime.Race.Results;

/// <summary>One line of the summary of all controls: kernel-v4, sticky, and the control of each hazard.</summary>
internal sealed record DetectorStrength(string Control, long Operations, long Violations, double? OperationsPerViolation)
{
    /// <summary>The controls that ran, in the order in which they ran.</summary>
    public static IReadOnlyList<DetectorStrength> Of(RaceResults results) =>
    [
        .. results.Protocols.Where(protocol => protocol.IsControl).Select(protocol => Of(protocol.Name, new ControlCount(protocol.Operations, protocol.Violations))),
        .. results.Hazards.Select(hazard => Of(hazard.Name, hazard.Control)),
    ];

    private static DetectorStrength Of(string control, ControlCount count) => new(control, count.Operations, count.Violations, count.OperationsPerViolation);
}
