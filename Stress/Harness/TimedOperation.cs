namespace FolioRuntime.Harness;

/// <summary>Something to time: does its operation a given number of times.</summary>
/// <param name="Name">Name in tables and JSON.</param>
/// <param name="Run">Does it that many times.</param>
public sealed record TimedOperation(string Name, Action<int> Run);
