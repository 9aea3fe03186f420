namespace FolioRuntime.Race.Forging;

/// <summary>What came of forged handles.</summary>
/// <param name="Attempts">Handles tried.</param>
/// <param name="RightlyAccepted">Accepted, and alive at some instant of the call.</param>
/// <param name="WronglyAccepted">Accepted, and not.</param>
/// <param name="Rented">Objects rented meanwhile by their owners.</param>
/// <param name="Damaged">Live objects changed or ended by anybody but their owner.</param>
/// <param name="LeakedFrames">Frames still in use after all objects were returned. 0 before the end.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record ForgeReport(
    long Attempts,
    long RightlyAccepted,
    long WronglyAccepted,
    long Rented,
    long Damaged,
    long LeakedFrames,
    double Seconds);
