extern alias instrumented;

using System.Diagnostics;
using FolioRuntime.Harness;
using FolioRuntime.Race.Pauses;
using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Results;
using FolioRuntime.Race.Traces;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Workloads;

/// <summary>
/// One protocol under one scenario, on real threads with pauses at the seam. Threads work in rounds of turns that end
/// at a barrier, where the oracle settles accounts and a stop is heard. What differs between two of these runs is the
/// protocol object and nothing else.
/// </summary>
internal sealed class ProtocolRun : IDisposable
{
    private const int TurnsPerRound = 500;
    private const int HistoryCells = 64;

    private readonly ProtocolEntry _entry;
    private readonly Scenario _scenario;
    private readonly Oracle _oracle;
    private readonly IProtocol _protocol;
    private readonly Worker[] _workers;
    private readonly PauseObserver _pauses;
    private readonly TraceRecorder? _recorder;
    private readonly Stopwatch _clock = new();
    private double _firstViolationSeconds = double.NaN;
    private string _firstViolation = "";

    /// <param name="entry">The protocol.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="seed">Seeds the workload's choices and the pauses.</param>
    /// <param name="tracesWanted">Record every access to the words until this many violations have been traced, and end then: slower.</param>
    public ProtocolRun(ProtocolEntry entry, Scenario scenario, int threads, ulong seed, int tracesWanted = 0)
    {
        _entry = entry;
        _scenario = scenario;
        _oracle = new Oracle(threads, TurnsPerRound);
        _oracle.FaultFound += OnFault;
        // Few slots, so that one is used again while a stalled thread still remembers it.
        var slots = Math.Max(2, threads / 2);
        _pauses = new PauseObserver(seed);
        if (tracesWanted > 0)
        {
            _recorder = new TraceRecorder(_pauses);
            Traces = new TraceCollector(_recorder, entry.Name, scenario.Name, seed, tracesWanted);
            _oracle.FaultFound += Traces.OnFault;
            _protocol = new RecordingProtocol(entry.Create(slots, new RecordingWitness(_oracle, _recorder)));
            _recorder.Words = _protocol.Words;
        }
        else
        {
            _protocol = entry.Create(slots, _oracle);
        }

        _pauses.Watch(_protocol);
        var board = new Board(slots, HistoryCells);
        _workers = [.. Enumerable.Range(0, threads).Select(index => new Worker(index, seed, _protocol, _oracle, board))];
    }

    /// <summary>The traces of what was caught, if recording.</summary>
    public TraceCollector? Traces { get; }

    /// <summary>What was seen until now. While threads run it may lag a little.</summary>
    public UnitResult Result => new(
        _entry.Name,
        _entry.Role == ProtocolRole.Control,
        _scenario.Name,
        _workers.Length,
        _clock.Elapsed.TotalSeconds,
        _workers.Sum(worker => worker.Tally.Operations),
        _oracle.DestructionFaults + (_entry.Role == ProtocolRole.Subject ? _oracle.Count(FaultKind.StrangerAccepted) : 0),
        _oracle.Count(FaultKind.StrangerAccepted),
        _workers.Sum(worker => worker.Tally.StaleRejected),
        _oracle.Recycles,
        _pauses.Refused,
        _firstViolationSeconds,
        _firstViolation);

    /// <summary>Runs for this long, or until stopped; then every object has been settled.</summary>
    public void Run(TimeSpan time, Action<UnitResult> onRoundEnd, CancellationToken stop)
    {
        SeamObserver.Current = _recorder is null ? _pauses : _recorder;
        _clock.Start();
        var ended = false;
        using var roundEnd = new Barrier(_workers.Length, _ =>
        {
            _oracle.CloseRound();
            ended |= stop.IsCancellationRequested || _clock.Elapsed >= time || Traces is { HasEnough: true };
            onRoundEnd(Result);
        });
        try
        {
            ThreadTeam.Run(_workers.Length, Work);
        }
        finally
        {
            _protocol.Settle();
            SeamObserver.Current = null;
            _clock.Stop();
        }

        // The workload makes no mistake, so an exception is one of the protocol's: a violation, after which nothing more can be learnt.
        void Work(int index)
        {
            try
            {
                WorkInRounds(index);
            }
            catch (Exception exception)
            {
                _oracle.Complain($"{exception.GetType().Name}: {exception.Message}");
                ended = true;
                roundEnd.RemoveParticipant();
            }
        }

        void WorkInRounds(int index)
        {
            _pauses.Join(index);
            // Ends: the barrier's action sets ended once the time is up, and turns don't wait for anybody.
            do
            {
                for (var turn = 0; turn < TurnsPerRound && !stop.IsCancellationRequested; turn++)
                    _scenario.Turn(_workers[index]);
                roundEnd.SignalAndWait(CancellationToken.None);
            }
            while (!ended);
            PauseObserver.Leave();
        }
    }

    public void Dispose() => _protocol.Dispose();

    private bool IsViolation(Fault fault) => fault.Kind != FaultKind.StrangerAccepted || _entry.Role == ProtocolRole.Subject;

    private void OnFault(Fault fault)
    {
        if (double.IsNaN(_firstViolationSeconds) && IsViolation(fault))
        {
            _firstViolationSeconds = _clock.Elapsed.TotalSeconds;
            _firstViolation = fault.ToString();
        }
    }
}
