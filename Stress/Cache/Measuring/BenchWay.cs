namespace FolioRuntime.Caching.Measuring;

/// <summary>A way to read, by name.</summary>
/// <param name="Name">In tables and JSON.</param>
/// <param name="Create">From a read's length in bytes and a thread's number, what does so many reads on that thread.</param>
internal sealed record BenchWay(string Name, Func<int, int, Action<int>> Create);
