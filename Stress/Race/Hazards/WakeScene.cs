using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// Each thread wakes the background reclaimer, or plays the timer whose time has come. When they stand still, and the timer has nothing to do before its interval is over,
/// memory was freed after the last wake-up. No time passes, so a machine that is slow changes nothing.
/// </summary>
internal sealed class WakeScene : HazardScene
{
    private readonly IWaking _waking;

    // Wake-ups that were announced, and how many of them had been when memory was last freed. Interlocked: nothing of the scene's own is paused.
    private long _wanted;
    private long _answered;

    public WakeScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 4)
    {
        Action free = () => Interlocked.Exchange(ref _answered, Interlocked.Read(ref _wanted));
        _waking = setting.IsSubject ? new RuntimeWaking(setting.Referee, free) : new WrongWaking(setting.Line(WrongStep.WakeOverwritten), free);
    }

    public override void Turn(Hand hand)
    {
        hand.Operations++;
        if (hand.OnceIn(2))
            Wake();
        else
            _waking.LookIfDue();
    }

    public override void CloseRound(Hand hand)
    {
        LookAll();
        Referee.Require(_answered == _wanted, "a wake-up was lost: the timer waits for the end of its interval");

        // A control is whole again, and the next round begins with nothing left to do.
        Wake();
        LookAll();
        Referee.Require(_answered == _wanted, "a wake-up is lost though nobody else was there");
    }

    public override void Dispose() => _waking.Dispose();

    private void Wake()
    {
        Interlocked.Increment(ref _wanted);
        _waking.Wake();
    }

    private void LookAll()
    {
        while (_waking.LookIfDue())
        {
        }
    }
}
