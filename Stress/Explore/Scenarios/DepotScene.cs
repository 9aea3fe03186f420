using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>A depot of magazines in front of a structure. Every item is in a magazine, in the structure, or in the hand of one thread.</summary>
internal sealed class DepotScene
{
    private readonly List<uint> _structure = [];
    private readonly HashSet<uint> _inHand = [];
    private readonly MagazineDepot _depot;
    private readonly int _room;
    private readonly int _items;
    private bool _isClosed;

    /// <param name="magazines">How many magazines there are.</param>
    /// <param name="room">Items that fit into one.</param>
    /// <param name="full">As many items as this, from 1, are in the depot, each magazine as full as it can be.</param>
    /// <param name="inHand">As many more are in somebody's hand.</param>
    public DepotScene(int magazines, int room, int full, int inHand)
    {
        _depot = new MagazineDepot(magazines, room);
        _room = room;
        _items = full + inHand;
        for (var item = 1; item <= full; item += room)
            Requirement.That(_depot.TryStow([.. Enumerable.Range(item, room).Select(value => (uint)value)], Give), "there is room");
        for (var item = full + 1; item <= _items; item++)
            _inHand.Add((uint)item);
    }

    /// <summary>Stands in for a sink that fails: how often.</summary>
    public int SinksToFail { get; set; }

    /// <summary>Puts items from the hand into the depot, or else into the structure.</summary>
    public Action Stow(params uint[] items) => () =>
    {
        foreach (var item in items)
            Requirement.That(_inHand.Remove(item), $"item {item} is in the hand");
        if (!_depot.TryStow(items, Give))
            Give(items);
    };

    /// <summary>Takes a magazine's items into the hand.</summary>
    public uint[] Take()
    {
        var room = new uint[_room];
        uint[] taken = [.. room.Take(_depot.Take(room))];
        foreach (var item in taken)
            Requirement.That(item != 0 && _inHand.Add(item), $"item {item} is given to one at a time");
        return taken;
    }

    public void TakeAndStow()
    {
        if (Take() is { Length: > 0 } taken)
            Stow(taken)();
    }

    public void Drain()
    {
        try
        {
            _depot.Drain(Give);
        }
        catch (TimeoutException)
        {
        }
    }

    public void Close()
    {
        _depot.Close(Give);
        _isClosed = true;
    }

    public Scene Play(params Action[] threads) => new(threads)
    {
        Check = RequireAllThere,
        State = () => $"{_structure.Count} in the structure, {string.Join(' ', _inHand.Order())} in hand",
        EndsMatter = true,
    };

    private void RequireAllThere()
    {
        if (_isClosed)
            Requirement.Equal(_depot.Count, 0, "items in a closed depot");
        _depot.Drain(Give);
        Requirement.Equal(_depot.Count, 0, "items in a depot that was drained");
        Requirement.Equal(
            string.Join(' ', _structure.Concat(_inHand).Order()),
            string.Join(' ', Enumerable.Range(1, _items)),
            "items in the structure and in hands");
    }

    private void Give(ReadOnlySpan<uint> items)
    {
        if (SinksToFail > 0)
        {
            SinksToFail--;
            throw new TimeoutException("The sink was told to fail.");
        }

        // Threads move one at a time, and this is no step.
        _structure.AddRange(items);
    }
}
