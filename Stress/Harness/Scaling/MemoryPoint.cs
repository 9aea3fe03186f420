namespace FolioRuntime.Harness.Scaling;

/// <summary>Resident memory of the process at one moment of a sample.</summary>
/// <param name="Seconds">Since all threads were at work.</param>
/// <param name="Bytes">Resident then.</param>
public sealed record MemoryPoint(double Seconds, long Bytes);
