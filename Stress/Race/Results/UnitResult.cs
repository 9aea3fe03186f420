namespace FolioRuntime.Race.Results;

/// <summary>One protocol under one scenario.</summary>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="IsControl">Whether it is a control.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Threads">Threads that ran it.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Operations">Calls into the protocol.</param>
/// <param name="Violations">Objects destroyed wrongly; for the subject also stale handles accepted.</param>
/// <param name="Strangers">Stale handles that led to another object.</param>
/// <param name="StaleRejected">Stale handles that were refused.</param>
/// <param name="Recycles">Objects destroyed, each of whose slots was used again.</param>
/// <param name="Refused">Delayed compare-exchanges that met another object at zero references and failed: the published race, refused.</param>
/// <param name="FirstViolationSeconds">When the first violation came; NaN: never.</param>
/// <param name="FirstViolation">What it was, in words.</param>
internal sealed record UnitResult(
    string Protocol,
    bool IsControl,
    string Scenario,
    int Threads,
    double Seconds,
    long Operations,
    long Violations,
    long Strangers,
    long StaleRejected,
    long Recycles,
    long Refused,
    double FirstViolationSeconds,
    string FirstViolation = "");
