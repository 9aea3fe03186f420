using System.Diagnostics;

namespace FolioRuntime.Race.Hazards;

/// <summary>Counts what broke in one run, and remembers the first. Thread-safe; it uses its own atomics, not the seam, so it adds nothing to what is being paused.</summary>
internal sealed class Referee
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _violations;
    private string? _first;

    public long Violations => Interlocked.Read(ref _violations);

    /// <summary>The first violation in words; empty: none.</summary>
    public string First => Volatile.Read(ref _first) ?? "";

    /// <summary>When it came, in seconds from the start; NaN: never.</summary>
    public double FirstSeconds { get; private set; } = double.NaN;

    public void Report(string violation)
    {
        if (Interlocked.Increment(ref _violations) == 1)
        {
            FirstSeconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            Volatile.Write(ref _first, violation);
        }
    }

    /// <summary>Reports unless the condition holds.</summary>
    public void Require(bool condition, string otherwise)
    {
        if (!condition)
            Report(otherwise);
    }
}
