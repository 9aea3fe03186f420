extern alias instrumented;

using System.Diagnostics;
using FolioRuntime.Harness;
using FolioRuntime.Race.Pauses;
using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// The one runner of all hazards: real threads, pauses at the seam, rounds of turns that end at a barrier where the scene settles accounts.
/// Between the runs of a subject and of its control nothing differs but what the scene was made with.
/// </summary>
internal sealed class HazardRun : IDisposable
{
    private readonly PauseObserver _pauses;
    private readonly Referee _referee = new();
    private readonly HazardScene _scene;
    private readonly Hand[] _hands;
    private readonly Stopwatch _clock = new();

    public HazardRun(Hazard hazard, HazardVariant variant, int threads, ulong seed)
    {
        _pauses = new PauseObserver(seed);
        _hands = [.. Enumerable.Range(0, threads).Select(index => new Hand(index, seed, _pauses, _referee))];
        _scene = hazard.Create(new HazardSetting(variant, threads, seed, _referee));
    }

    /// <summary>What was seen until now. While threads run it may lag a little.</summary>
    public HazardTally Result => new(_hands.Sum(hand => hand.Operations), _referee.Violations, _referee.FirstSeconds, _referee.First);

    public int Rounds { get; private set; }

    /// <summary>Runs until it is told to end, which is asked after each round, or stopped.</summary>
    /// <param name="isOver">Asked at the end of each round, with the time it took so far.</param>
    /// <param name="stop">Ends it within a round.</param>
    public void Run(Func<HazardRun, TimeSpan, bool> isOver, CancellationToken stop)
    {
        SeamObserver.Current = _pauses;
        _clock.Start();
        var ended = false;
        using var roundEnd = new Barrier(_hands.Length, _ =>
        {
            _hands[0].Try(_scene.CloseRound);
            Rounds++;
            foreach (var hand in _hands)
                hand.Round = Rounds;
            ended = stop.IsCancellationRequested || isOver(this, _clock.Elapsed);
        });
        try
        {
            ThreadTeam.Run(_hands.Length, Work);
        }
        finally
        {
            SeamObserver.Current = null;
            _clock.Stop();
        }

        void Work(int index)
        {
            var hand = _hands[index];
            hand.Join();

            // Ends: the barrier's action sets ended, and turns wait for nobody for long.
            do
            {
                for (var turn = 0; turn < _scene.TurnsPerRound && !stop.IsCancellationRequested; turn++)
                    hand.Try(_scene.Turn);
                roundEnd.SignalAndWait(CancellationToken.None);
            }
            while (!ended);
            PauseObserver.Leave();
        }
    }

    public void Dispose() => _scene.Dispose();
}
