namespace FolioRuntime.Harness.Scaling;

/// <summary>What a workload is, for readers of the JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">What is done, in a sentence.</param>
/// <param name="Operation">What is counted as one operation.</param>
public sealed record ScaleWorkload(string Name, string About, string Operation);
