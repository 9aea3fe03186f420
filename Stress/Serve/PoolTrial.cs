using FolioRuntime.Harness;
using FolioRuntime.Serve.Clients;
using FolioRuntime.Serve.Results;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve;

/// <summary>One server, its client, and all that was seen of both. Not thread-safe.</summary>
internal sealed class PoolTrial : IDisposable
{
    private readonly ServeOptions _options;
    private readonly CancellationToken _stop;
    private readonly ServerProcess _server;
    private readonly Crew _crew;
    private readonly MemoryWatch _memory;
    private readonly Tally _all = new();
    private readonly Tally _measured = new();
    private readonly List<double> _rates = [];
    private ServerStatus _status = new(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private long _allocatedBytes;
    private long _idleBytes;
    private long _afterBurstBytes;
    private string? _end;

    /// <exception cref="ServerEndedException">Its server didn't start.</exception>
    public PoolTrial(ServedPool pool, ServeOptions options, CancellationToken stop)
    {
        Pool = pool;
        _options = options;
        _stop = stop;
        _server = ServerProcess.Start(pool, options.CapacityMebibytes, options.HeapLimitMebibytes);
        _crew = new Crew(_server.Address, options.Kinds, options.Seed, options.Workers);
        _memory = new MemoryWatch(_server);
        TryAsk();
    }

    public ServedPool Pool { get; }

    /// <summary>The process of its server.</summary>
    public int ServerId => _server.Id;

    /// <summary>Whether the server ended before it was told to. Nothing is asked of it after that.</summary>
    public bool HasEnded => _end is not null;

    /// <summary>Whether it is certain already that something is wrong.</summary>
    public bool HasFailed => HasEnded || _all.Failures > 0 || CorruptedBytes > 0;

    public long Requests => _all.Requests;

    public long Aborted => _all.Aborted;

    /// <summary>Requests a second, round by round.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>Resident above idle when the burst's memory had had time to go back.</summary>
    public long KeptBytes => _afterBurstBytes - _idleBytes;

    public bool HadBurst => _afterBurstBytes > 0;

    /// <summary>Works for a while; what it did is measured unless it only warms up.</summary>
    public void Work(TimeSpan duration, TimeSpan patience, bool isMeasured)
    {
        if (!TryAsk())
            return;
        var before = _status;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop, _server.Ended);
        var (tally, seconds) = _crew.Work(duration, patience, end.Token);
        _all.Merge(tally);
        if (!TryAsk() || !isMeasured || _stop.IsCancellationRequested || tally.Requests == 0)
            return;
        _measured.Merge(tally);
        _rates.Add(tally.Requests / seconds);
        _allocatedBytes += _status.AllocatedBytes - before.AllocatedBytes;
    }

    public void NoteIdle() => _idleBytes = _memory.Look();

    public void RunBurst()
    {
        if (!TryAsk())
            return;
        try
        {
            _all.Merge(Burst.Run(_server, Math.Max(1, (_options.BurstMebibytes << 20) / Burst.UploadBytes), _options.Seed, _stop));
        }
        catch (ServerEndedException exception)
        {
            _end = exception.Message;
        }

        TryAsk();
    }

    public void NoteAfterBurst() => _afterBurstBytes = _memory.Look();

    /// <summary>Whether this control was caught by what it is there for: bytes that are not the runtime's, or wrong bytes.</summary>
    public bool IsCaught => Pool == ServedPool.Twice ? CorruptedBytes > 0 : _status is { BuffersOutside: > 0, Fallbacks: 0 };

    private long CorruptedBytes => _all.CorruptedBytes + _status.CorruptedBytes;

    /// <summary>What is wrong with it; a subject must have nothing.</summary>
    public IReadOnlyList<string> Faults() => FaultsOf(Pool, CorruptedBytes, _all.Failures, _all.FirstFailure, _status, _stop.IsCancellationRequested || HasEnded, _end);

    internal static IReadOnlyList<string> FaultsOf(ServedPool pool, long corruptedBytes, long failures, string? firstFailure, ServerStatus status, bool isCutShort, string? end = null)
    {
        var faults = new List<string>();
        if (end is not null)
            faults.Add(end);
        if (corruptedBytes > 0)
            faults.Add($"{corruptedBytes} wrong bytes");
        if (failures > 0)
            faults.Add($"{failures} requests failed, first {firstFailure}");
        if (status.Violations > 0)
            faults.Add($"the runtime found {status.Violations} violations");
        if (pool == ServedPool.Default)
            return faults;

        // Arrays in place of blocks are the one good reason for bytes elsewhere.
        if (status.BuffersOutside > 0 && status.Fallbacks == 0)
            faults.Add($"{status.BuffersOutside} of {status.BuffersOutside + status.BuffersInside} buffers not in the runtime's memory");
        if (status.BuffersInside == 0 && !isCutShort)
            faults.Add("no buffer seen in the runtime's memory");
        return faults;
    }

    public PoolReport Report() => new(
        Names.Of(Pool), _all.Requests, CorruptedBytes, _all.Aborted, _rates.Count == 0 ? 0 : PairedResult.At([.. _rates.Order()], 0.5),
        new ServeLatency(Latency(50), Latency(99), Latency(99.9)), _idleBytes, _memory.PeakBytes, _afterBurstBytes,
        Enum.GetValues<RequestKind>().ToDictionary(Names.Of, _all.Of), _all.Failures, _status.BuffersInside, _status.BuffersOutside, _status.Fallbacks, _status.Violations,
        _measured.Requests == 0 ? 0 : Math.Round((double)_allocatedBytes / _measured.Requests, 1), Faults(), _memory.Points);

    public void Dispose()
    {
        _memory.Dispose();
        _crew.Dispose();
        if (_stop.IsCancellationRequested)
            _server.Kill();
        _server.Dispose();
    }

    // The last status stays when there is none any more.
    private bool TryAsk()
    {
        if (HasEnded)
            return false;
        try
        {
            _status = _server.Status();
            return true;
        }
        catch (ServerEndedException exception)
        {
            _end = exception.Message;
            return false;
        }
    }

    private long Latency(double percent) => _measured.Requests == 0 ? 0 : _measured.Latencies.GetValueAtPercentile(percent);
}
