using System.Diagnostics;
using FolioRuntime.Serve.Servers;

namespace FolioRuntime.Serve.Clients;

/// <summary>The bounded client of one server: so many workers, each with at most one request under way.</summary>
internal sealed class Crew : IDisposable
{
    private readonly ServerConnections _connections;
    private readonly Worker[] _workers;

    public Crew(ServerAddress address, IEnumerable<RequestKind> kinds, ulong seed, int workers)
    {
        var mix = new RequestMix(kinds);
        _connections = new ServerConnections(address, workers);
        _workers = [.. Enumerable.Range(0, workers).Select(number => new Worker(_connections, mix, seed, number))];
    }

    /// <summary>All workers at once, for about as long as given: none begins a request after that.</summary>
    /// <returns>What they did together, and in how many seconds.</returns>
    public (Tally Tally, double Seconds) Work(TimeSpan duration, TimeSpan patience, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var tallies = Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.WorkAsync(duration, patience, stop), CancellationToken.None))).GetAwaiter().GetResult();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = new Tally();
        foreach (var tally in tallies)
            all.Merge(tally);
        return (all, seconds);
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
            worker.Dispose();
        _connections.Dispose();
    }
}
