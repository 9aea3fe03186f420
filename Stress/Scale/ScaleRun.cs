using FolioRuntime.Harness;
using FolioRuntime.Harness.Scaling;
using FolioRuntime.Scale.Measurements;
using FolioRuntime.Scale.Peers;
using FolioRuntime.Scale.Plays;

namespace FolioRuntime.Scale;

/// <summary>
/// Plays every combination once a round, in an order that rotates, so that all of them meet the same disturbances; then once more with each call timed. An
/// interrupted run reports the rounds that it has. The first rounds only warm up: what is measured is what users have, tiered compilation and all.
/// </summary>
internal sealed class ScaleRun
{
    private const double ShortestSampleSeconds = 0.01;

    // What is hot is compiled again after some calls and a tenth of a second in which nothing new is, and once more after as many again.
    private const int WarmUpRounds = 3;
    private static readonly TimeSpan s_recompilation = TimeSpan.FromMilliseconds(250);

    private readonly ScaleOptions _options;
    private readonly TextWriter _output;
    private readonly ProgressView _view;
    private readonly CancellationToken _stop;
    private readonly List<ScaleCell> _cells;
    private readonly List<string> _notHere = [];
    private readonly TimeSpan _duration;

    public ScaleRun(ScaleOptions options, TextWriter output, CancellationToken stop)
    {
        _options = options;
        _output = output;
        _view = new ProgressView(output);
        _stop = stop;
        _cells =
        [
            .. from workload in WorkloadCatalog.All
               where options.Workloads.Contains(workload.Name)
               from threads in options.Threads
               from peer in workload.Peers
               where options.Peers.Contains(peer)
               select new ScaleCell(workload, peer, threads),
        ];
        var samples = Math.Max(1, _cells.Count) * (WarmUpRounds + options.Rounds + 1);
        _duration = TimeSpan.FromSeconds(Math.Max(ShortestSampleSeconds, options.Seconds / samples / (1 + Sampler.RehearsedPart)));
    }

    public int Run()
    {
        _output.WriteLine(MachineInfo.ThisMachine);
        _output.WriteLine(Topology.ThisMachine);
        if (!ThreadPinning.IsSupported)
            _output.WriteLine("Threads can't be pinned here: the system places them.");
        _output.WriteLine($"{_cells.Count} combinations, {_options.Rounds} rounds, {_duration.TotalMilliseconds:0} ms a sample");
        _view.Progress("rounds", WarmUpRounds + _options.Rounds + 1, PlayRounds);
        var measured = _cells.Where(cell => cell.Samples.Count > 0).ToArray();
        var results = measured.Select(cell => cell.Summarise()).ToArray();
        var ratios = Ratios(measured).ToArray();
        var aims = new ScaleAims([.. measured.Select(cell => cell.Times)]).Judge();
        var tables = new ScaleTables(_output, _view);
        tables.Show(results, ratios);
        tables.Show(aims);
        foreach (var missing in _notHere)
            _output.WriteLine($"not here: {missing}");
        var isInterrupted = _stop.IsCancellationRequested;
        if (_options.Json is { } json)
        {
            var verdict = isInterrupted ? "interrupted" : results.Length == 0 ? "nothing measured" : "measured";
            JsonFile.Write(json, Report(verdict, results, ratios, aims), ScaleJson.Default.ScaleReport);
        }

        return isInterrupted || results.Length == 0 ? ExitCode.Inconclusive : ExitCode.Pass;
    }

    private void PlayRounds(Action<int> progress)
    {
        for (var round = 0; round < WarmUpRounds + _options.Rounds; round++)
        {
            var isWarmUp = round < WarmUpRounds;
            for (var i = 0; i < _cells.Count; i++)
            {
                if (_stop.IsCancellationRequested)
                    return;
                var cell = _cells[(i + (round * 7)) % _cells.Count];
                if (!cell.TryPlay(_duration, isKept: !isWarmUp, _stop))
                    NoteMissing(cell.Peer);
            }

            if (isWarmUp)
                Thread.Sleep(s_recompilation);
            progress(round + 1);
        }

        foreach (var cell in _cells.Where(cell => cell.Samples.Count > 0))
        {
            if (_stop.IsCancellationRequested)
                return;
            cell.TimeCalls(_duration, _stop);
        }

        progress(WarmUpRounds + _options.Rounds + 1);
    }

    private ScaleReport Report(string verdict, ScaleResult[] results, ScaleRatio[] ratios, IReadOnlyList<ScaleAim> aims) => new(
        ScaleReport.CurrentSchema, ScaleReport.ToolName, verdict, MachineInfo.ThisMachine, Topology.ThisMachine, results, ratios, _notHere,
        DateTimeOffset.UtcNow,
        [.. from known in WorkloadCatalog.All where results.Any(result => result.Workload == known.Name) select new ScaleWorkload(known.Name, known.About, known.Operation)],
        [.. from known in PeerCatalog.All where results.Any(result => result.Peer == known.Name) select new ScalePeer(known.Name, known.About)], aims);

    private void NoteMissing(string name)
    {
        var peer = PeerCatalog.All.Single(known => known.Name == name);
        var text = $"{peer.Name} ({peer.Installation})";
        if (!_notHere.Contains(text))
            _notHere.Add(text);
    }

    /// <summary>Of each of this runtime's own peers to every other, where both have the same rounds.</summary>
    private static IEnumerable<ScaleRatio> Ratios(ScaleCell[] cells) =>
        from own in cells
        where own.Peer.StartsWith("folio-", StringComparison.Ordinal)
        from other in cells
        where other != own && other.Workload == own.Workload && other.Processors == own.Processors
        let times = own.Samples.Zip(other.Samples, (mine, theirs) => theirs.OperationsPerSecond / mine.OperationsPerSecond).Order().ToArray()
        select new ScaleRatio(own.Workload.Name, own.Processors, own.Peer, other.Peer, PairedResult.At(times, 0.5), PairedResult.At(times, 0.25), PairedResult.At(times, 0.75));
}
