using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Threads around one bounded pool: who gets what, and whether all of it is there when they are quiet.</summary>
internal sealed class StoreScene : HazardScene
{
    /// <summary>Free objects that a thread may keep for itself.</summary>
    public const int ThreadShare = 8;

    private const int Capacity = 128;

    private readonly StorePlay _play;
    private readonly IStore _store;
    private readonly StoreFloor _floor;

    public StoreScene(HazardSetting setting, StorePlay play)
        : base(setting.Referee, play.TurnsPerRound)
    {
        _play = play;
        _store = setting.IsSubject ? new RuntimeStore(setting.Referee, Capacity, Custody.Construct, play.ThreadsOwn)
            : play.ThreadsOwn ? new WrongOwners(Capacity, setting.Line(play.Wrong), Custody.Construct)
            : new WrongStore(Capacity, play.Wrong, setting.Variant == HazardVariant.Control, Custody.Construct);
        _floor = new StoreFloor(new Custody(_store, setting.Referee), setting.Referee, setting.Threads);
    }

    public override void Turn(Hand hand) => _play.Turn(_floor, hand);

    public override void CloseRound(Hand hand)
    {
        _floor.Clear(hand);
        _floor.Custody.Settle(hand);
    }

    public override void Dispose() => _store.Dispose();
}
