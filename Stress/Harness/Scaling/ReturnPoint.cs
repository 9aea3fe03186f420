namespace FolioRuntime.Harness.Scaling;

/// <summary>Resident memory of the process at one moment of a fill and its return.</summary>
/// <param name="Seconds">Since it began.</param>
/// <param name="Phase">What was going on: before, filling, full, freeing, trimming, after the trim, by itself.</param>
/// <param name="RssBytes">Resident then.</param>
public sealed record ReturnPoint(double Seconds, string Phase, long RssBytes);
