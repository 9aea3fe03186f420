using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Threads around a few pages: content under holders, readers, freezers and writers.</summary>
internal sealed class PageScene : HazardScene
{
    private readonly PagePlay _play;
    private readonly PageFloor _floor;

    public PageScene(HazardSetting setting, PagePlay play)
        : base(setting.Referee, play.TurnsPerRound)
    {
        _play = play;
        var capacity = setting.Threads + 1;
        _floor = new PageFloor(
            setting.IsSubject ? new RuntimePages(setting.Referee, capacity) : new WrongPages(capacity, setting.Line(play.Wrong)),
            setting.Referee,
            setting.Threads);
    }

    public override void Turn(Hand hand) => _play.Turn(_floor, hand);

    public override void CloseRound(Hand hand)
    {
        _floor.Clear();
        var left = _floor.Pages.Settle();
        Referee.Require(left == 0, $"{left} pages are lost, all returned and put");
    }

    public override void Dispose() => _floor.Pages.Dispose();
}
