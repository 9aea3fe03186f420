namespace FolioRuntime.Report.Boxes;

/// <summary>The time of one operation with a peer as a part of that with the base: below 1 the peer is faster.</summary>
/// <param name="Peer">Its name.</param>
/// <param name="Ratio">To the base; 1 for the base itself.</param>
/// <param name="Low">Lower quartile.</param>
/// <param name="High">Upper quartile.</param>
public sealed record RelativeTime(string Peer, double Ratio, double Low, double High);
