namespace FolioRuntime.Harness;

/// <summary>Something to time: does its operation a given number of times.</summary>
/// <param name="Name">Name in tables and JSON.</param>
/// <param name="Run">Does it that many times.</param>
public sealed record TimedOperation(string Name, Action<int> Run)
{
    /// <summary>Where only a part of it counts: does its operation that many times instead, and says how long that part took. Null: all of it counts.</summary>
    public Func<int, TimeSpan>? TimeItself { get; init; }
}
