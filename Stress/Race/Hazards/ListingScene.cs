using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Some threads list what others add and take away: a list is of entries that are there, each once.</summary>
internal sealed class ListingScene : HazardScene
{
    private readonly IListing _listing;
    private readonly string[] _names;

    public ListingScene(HazardSetting setting)
        : base(setting.Referee, turnsPerRound: 32)
    {
        _listing = setting.IsSubject ? new RuntimeListing(setting.Referee) : new WrongListing(setting.Variant == HazardVariant.Control);
        _names = [.. Enumerable.Range(0, setting.Threads).Select(index => $"entry-{index}")];
    }

    public override void Turn(Hand hand)
    {
        hand.Operations++;
        if (hand.Index % 2 == 0)
        {
            _listing.Add(_names[hand.Index]).Dispose();
            return;
        }

        var names = _listing.List();
        Referee.Require(names.Contains(IListing.Anchor), "an entry that stays is not in the list");
        Referee.Require(names.Distinct().Count() == names.Count, "an entry is in the list twice");
    }

    public override void CloseRound(Hand hand) =>
        Referee.Require(_listing.List() is [IListing.Anchor], "not everything that was taken away is gone");

    public override void Dispose() => _listing.Dispose();
}
