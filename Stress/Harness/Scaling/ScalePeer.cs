namespace FolioRuntime.Harness.Scaling;

/// <summary>What a peer is, for readers of the JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">What it is, in a line.</param>
public sealed record ScalePeer(string Name, string About);
