extern alias instrumented;

using FolioRuntime.Race.Controls;
using Atomics = instrumented::FolioRuntime.Primitives.Atomics;

namespace FolioRuntime.Race.Hazards;

/// <summary>Each thread registers shrinkers of its own, one after the other, ends them, and has all threads' called: none is called, or still in a call, when its end has returned.</summary>
internal sealed class ShrinkScene : HazardScene
{
    private const int TurnsForAnEnd = 3;

    private readonly IShrinking _shrinking;

    // Each thread's, by its index.
    private readonly Shrinker?[] _current;

    public ShrinkScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 16)
    {
        _shrinking = setting.IsSubject ? new RuntimeShrinking(setting.Referee) : new WrongShrinking(setting.Line(WrongStep.CallsNotAwaited));
        _current = new Shrinker?[setting.Threads];
    }

    public override void Turn(Hand hand)
    {
        hand.Operations++;
        if (_current[hand.Index] is null)
            _current[hand.Index] = new Shrinker(_shrinking, Referee);
        else if (hand.OnceIn(TurnsForAnEnd))
            End(hand.Index);
        _shrinking.Shrink();
    }

    public override void CloseRound(Hand hand)
    {
        for (var thread = 0; thread < _current.Length; thread++)
            End(thread);
        _shrinking.Shrink();
    }

    public override void Dispose() => _shrinking.Dispose();

    private void End(int thread)
    {
        _current[thread]?.End();
        _current[thread] = null;
    }

    private sealed class Shrinker
    {
        private readonly Referee _referee;
        private readonly IDisposable _registration;
        private uint _hasEnded;

        public Shrinker(IShrinking shrinking, Referee referee)
        {
            _referee = referee;
            _registration = shrinking.Register(Called);
        }

        public void End()
        {
            _registration.Dispose();
            Atomics.StoreRelease(ref _hasEnded, 1);
        }

        private void Called()
        {
            _referee.Require(Atomics.LoadAcquire(ref _hasEnded) == 0, "a shrinker is called after its end");
            Atomics.ReadBarrier();
            _referee.Require(Atomics.LoadAcquire(ref _hasEnded) == 0, "a shrinker's end came back during a call");
        }
    }
}
