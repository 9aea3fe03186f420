using System.Diagnostics;

namespace FolioRuntime.Race.Files;

/// <summary>Waits for other threads to finish a step, but not for ever: if they don't in this time, memory was lost.</summary>
internal struct Patience
{
    private const int LongestSeconds = 20;

    private long _since;

    public void Wait()
    {
        if (_since == 0)
            _since = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_since).TotalSeconds > LongestSeconds)
            throw new InvalidOperationException($"No room within {LongestSeconds} s although nothing is resident any more: memory was lost.");
        Thread.Yield();
    }
}
