using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// Threads take items and put them back, more than their lists hold at first, so that these grow, and now and then one empties all lists. Each item is with one thread at a time, none is
/// lost, and when threads stand still as much was popped and pushed as they did. A list doesn't shrink, so each round begins with new ones.
/// </summary>
internal sealed class GrowthScene : HazardScene
{
    private const int Turns = 32;
    private const int Items = 32;
    private const int MostAtATime = 6;
    private const int TurnsForADrain = 3;
    private const int TurnsForALook = 8;

    private readonly Func<IGrowing> _make;
    private readonly int[] _holders = new int[Items + 1];
    private IGrowing _lists;

    // Interlocked: nothing of the scene's own is paused.
    private long _pops;
    private long _pushes;

    public GrowthScene(HazardSetting setting)
        : base(setting.Referee, Turns)
    {
        _make = () => setting.IsSubject ? new RuntimeGrowing(Items) : new WrongGrowing(setting.Line(WrongStep.GrownOutside), Items);
        _lists = _make();
    }

    public override void Turn(Hand hand)
    {
        Span<uint> held = stackalloc uint[MostAtATime];
        var taken = 0;
        var most = 1 + hand.Below(MostAtATime);
        while (taken < most && Take() is var item and not 0)
            held[taken++] = item;
        foreach (var item in held[..taken])
            Put(item);
        hand.Operations += 2 * taken;
        if (hand.OnceIn(TurnsForADrain))
            _lists.DrainAll();
        if (hand.OnceIn(TurnsForALook))
            Look();
    }

    public override void CloseRound(Hand hand)
    {
        Referee.Require(_lists.Totals == (_pops, _pushes), $"{_pops} items were popped and {_pushes} pushed, and {_lists.Totals} were counted");
        var left = _lists.TakeAll();
        Referee.Require(left.Order().SequenceEqual(Enumerable.Range(1, Items).Select(item => (uint)item)), $"there were items 1 to {Items}, and there are {string.Join(' ', left.Order())}");
        _lists.Dispose();
        _lists = _make();
        Array.Clear(_holders);
        (_pops, _pushes) = (0, 0);
    }

    public override void Dispose() => _lists.Dispose();

    private uint Take()
    {
        var item = _lists.Take(out var isPop);
        if (isPop)
            Interlocked.Increment(ref _pops);
        if (item != 0)
            Referee.Require(Interlocked.Increment(ref _holders[item]) == 1, "an item is with two threads");
        return item;
    }

    private void Put(uint item)
    {
        Interlocked.Decrement(ref _holders[item]);
        if (_lists.Put(item))
            Interlocked.Increment(ref _pushes);
    }

    private void Look()
    {
        var before = _lists.Totals;
        var after = _lists.Totals;
        Referee.Require(after.Pops >= before.Pops && after.Pushes >= before.Pushes, $"{before} were counted, and then {after}");
    }
}
