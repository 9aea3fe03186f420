using FolioRuntime.Race.Protocols;
using FolioRuntime.Race.Workloads;

namespace FolioRuntime.Race.Hazards;

/// <summary>Objects of several types on few slots, under the oracle that also judges the published protocols: what becomes of lifetime words.</summary>
internal sealed class ProtocolScene : HazardScene
{
    private const int HistoryCells = 64;

    private readonly ProtocolPlay _play;
    private readonly HazardSetting _setting;
    private readonly Oracle _oracle;
    private readonly int _slots;
    private IProtocol _protocol;
    private Worker[] _workers;

    public ProtocolScene(HazardSetting setting, ProtocolPlay play)
        : base(setting.Referee, play.TurnsPerRound)
    {
        _play = play;
        _setting = setting;
        _slots = Math.Max(2, setting.Threads / 2);
        _oracle = new Oracle(setting.Threads, play.TurnsPerRound);
        _oracle.FaultFound += fault =>
        {
            if (play.JudgesIdentity || setting.IsSubject || fault.Kind != FaultKind.StrangerAccepted)
                Referee.Report(fault.ToString());
        };
        _protocol = Create();
        _workers = Hire();
    }

    public override void Turn(Hand hand)
    {
        var worker = _workers[hand.Index];
        var before = worker.Tally.Operations;
        worker.Round = hand.Round;
        _play.Turn(worker);
        hand.Operations += worker.Tally.Operations - before;
    }

    public override void CloseRound(Hand hand)
    {
        _oracle.CloseRound();
        _protocol.Settle();
        if (_play.AgesWords)
            ((IAgedProtocol)_protocol).AgeDead((1ul << 29) + (ulong)hand.Below(1 << 30));
        if (!_play.Renews)
            return;
        _protocol.Dispose();
        _protocol = Create();
        _workers = Hire();
    }

    public override void Dispose() => _protocol.Dispose();

    private IProtocol Create() => _setting.IsSubject
        ? new RuntimeProtocol(_slots, _oracle, _play.GenerationBits, _play.Planned, _play.DiscardsWords)
        : _play.Control(_setting, _slots, _oracle);

    private Worker[] Hire()
    {
        var board = new Board(_slots, HistoryCells);
        return [.. Enumerable.Range(0, _setting.Threads).Select(index => new Worker(index, _setting.Seed, _protocol, _oracle, board))];
    }
}
