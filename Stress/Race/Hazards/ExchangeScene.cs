using FolioRuntime.Race.Controls;

namespace FolioRuntime.Race.Hazards;

/// <summary>Threads take items out of one exchange and put them back: each item is with one thread at a time, and none is lost.</summary>
internal sealed class ExchangeScene : HazardScene
{
    private const int Turns = 64;
    private const int Items = 4;

    private readonly int[] _holders = new int[Items + 1];
    private readonly Func<IExchange> _make;
    private IExchange _exchange = null!;

    public ExchangeScene(HazardSetting setting)
        : base(setting.Referee, Turns)
    {
        // As many magazines as items, and one for each thread that stands between two lists with one.
        var magazines = Items + setting.Threads;
        _make = () => setting.IsSubject ? new DepotExchange(magazines) : new WrongDepot(magazines, setting.Variant == HazardVariant.Control);
        Open();
    }

    // What was taken first goes back alone, as often as not, while what was below it stays out.
    public override void Turn(Hand hand)
    {
        hand.Operations += 4;
        var first = Hold();
        var second = Hold();
        LetGo(first);
        LetGo(second);
    }

    public override void CloseRound(Hand hand)
    {
        var left = new List<uint>();

        // Ends: a control's list may go round in circles, and then holds more than there are.
        while (left.Count <= Items && _exchange.Take() is var item and not 0)
            left.Add(item);
        Referee.Require(left.Order().SequenceEqual(Enumerable.Range(1, Items).Select(item => (uint)item)), $"{Items} items were exchanged, and there are {string.Join(' ', left.Order())}");
        Open();
    }

    public override void Dispose()
    {
        // Arrays.
    }

    private void Open()
    {
        _exchange = _make();
        Array.Clear(_holders);
        for (var item = 1u; item <= Items; item++)
            Referee.Require(_exchange.TryStow(item), "an empty exchange has no room");
    }

    private uint Hold()
    {
        var item = _exchange.Take();
        if (item != 0)
            Referee.Require(Interlocked.Increment(ref _holders[item]) == 1, "an item is with two threads");
        return item;
    }

    private void LetGo(uint item)
    {
        if (item == 0)
            return;
        Interlocked.Decrement(ref _holders[item]);
        Referee.Require(_exchange.TryStow(item), "no magazine was left for an item that came out of one");
    }
}
