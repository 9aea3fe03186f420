using System.Diagnostics;
using FolioRuntime.Harness.Scaling;

namespace FolioRuntime.Scale.Returning;

/// <summary>Looks at resident memory from its making to its disposal, on a thread of its own, and knows which phase each look was in. Any thread may say that a phase begins.</summary>
internal sealed class ResidentCourse : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly CourseSeries _series = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _watcher;
    private string _phase;

    /// <param name="phase">What it begins with.</param>
    public ResidentCourse(string phase)
    {
        _phase = phase;
        _watcher = new Thread(Watch) { IsBackground = true, Name = "resident memory" };
        _watcher.Start();
    }

    /// <summary>What was seen. Complete when this is disposed.</summary>
    public IReadOnlyList<ReturnPoint> Points
    {
        get
        {
            lock (_lock)
                return [.. _series.Points];
        }
    }

    /// <summary>Begins a phase, with a point.</summary>
    /// <returns>What is resident at its beginning, in bytes.</returns>
    public long Enter(string phase)
    {
        lock (_lock)
        {
            _phase = phase;
            return Note();
        }
    }

    public void Dispose()
    {
        _end.Set();
        _watcher.Join();
        _end.Dispose();
    }

    private void Watch()
    {
        do
        {
            lock (_lock)
                Note();
        }
        while (!_end.Wait(s_interval));
    }

    private long Note()
    {
        var bytes = ResidentMemory.Bytes();
        _series.Note(Stopwatch.GetElapsedTime(_start), _phase, bytes);
        return bytes;
    }
}
