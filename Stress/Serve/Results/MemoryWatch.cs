using System.Diagnostics;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve.Results;

/// <summary>Looks at a server's resident memory four times a second, on a timer's thread, until it is disposed.</summary>
internal sealed class MemoryWatch : IDisposable
{
    public const int MostPoints = 100;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly ServerProcess _server;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private readonly List<MemoryPoint> _points = [];
    private bool _isEnded;

    public MemoryWatch(ServerProcess server)
    {
        _server = server;
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, s_interval);
    }

    public long PeakBytes
    {
        get
        {
            lock (_lock)
                return _points.Count == 0 ? 0 : _points.Max(point => point.Bytes);
        }
    }

    /// <summary>Some of the points, evenly, the last one among them.</summary>
    public IReadOnlyList<MemoryPoint> Points
    {
        get
        {
            lock (_lock)
            {
                var step = Math.Max(1, (_points.Count + MostPoints - 1) / MostPoints);
                return [.. _points.Where((_, index) => (_points.Count - 1 - index) % step == 0)];
            }
        }
    }

    /// <summary>Looks now. 0: there is no server any more.</summary>
    public long Look()
    {
        lock (_lock)
        {
            if (_isEnded)
                return 0;
            var bytes = _server.ResidentBytes;
            if (bytes == 0)
                return 0;
            _points.Add(new MemoryPoint(Math.Round(Stopwatch.GetElapsedTime(_start).TotalSeconds, 2), bytes));
            return bytes;
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _isEnded = true;
        _timer.Dispose();
    }
}
