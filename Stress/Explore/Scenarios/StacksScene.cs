using FolioRuntime.Exploration.Engine;
using FolioRuntime.Primitives;

namespace FolioRuntime.Exploration.Scenarios;

/// <summary>
/// A set of threads' stacks in front of a structure, which is a list under a latch of its own. Every item is in one stack, in the structure or in
/// somebody's hand.
/// </summary>
internal sealed class StacksScene
{
    private readonly Latch _latch = new();
    private readonly List<uint> _structure = [];
    private readonly HashSet<uint> _inHand = [];
    private readonly int _items;
    private readonly int _magazineRoom;

    // The stack of the thread that sets the scene, which does nothing with it before the end.
    private readonly ThreadStack _onlookers;

    // What was popped from stacks and pushed into them, for each thread's steps are in one order.
    private ThreadStackTotals _done;
    private ThreadStackTotals _seen;

    /// <param name="items">Items 1 to so many; whatever nobody pushes beforehand is in the structure.</param>
    /// <param name="capacity">Items in a stack.</param>
    /// <param name="depot">Between the stacks and the structure.</param>
    /// <param name="largestCapacity">Up to which a stack can grow.</param>
    public StacksScene(int items, int capacity, DepotPlan depot = default, int largestCapacity = 0)
    {
        _items = items;
        _magazineRoom = depot.MagazineRoom;
        Set = new ThreadStackSet(capacity, Give, depot: depot, largestCapacity: largestCapacity);
        for (var item = 1u; item <= items; item++)
            _structure.Add(item);
        _onlookers = Set.Current;
    }

    public ThreadStackSet Set { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Stands in for a sink that fails: how often.</summary>
    public int SinksToFail { get; set; }

    /// <summary>The calling thread takes items out of the structure into its stack, as a refill does; for preludes too.</summary>
    public Action Fill(params uint[] items) => () =>
    {
        using (_latch.Hold())
            _structure.RemoveAll(items.Contains);
        Requirement.Equal(Set.Current.Refill(items), items.Length, "there is room");
    };

    /// <summary>Takes an item into the hand: from the stack, else from the structure. False: neither has one.</summary>
    public bool TryTake(out uint item)
    {
        if (Set.Current.TryPop(out item))
        {
            _done += new ThreadStackTotals(1, 0);
        }
        else
        {
            using (_latch.Hold())
            {
                if (_structure.Count == 0)
                    return false;
                item = _structure[^1];
                _structure.RemoveAt(_structure.Count - 1);
            }
        }

        Requirement.That(_inHand.Add(item), $"item {item} is given to one at a time");
        return true;
    }

    /// <summary>Puts an item from the hand into the stack, else into the structure.</summary>
    public void Put(uint item)
    {
        Requirement.That(_inHand.Remove(item), $"item {item} is in the hand");
        if (Set.Current.TryPush(item))
            _done += new ThreadStackTotals(0, 1);
        else
            Give([item]);
    }

    /// <summary>Asks how much was popped and pushed: never less than before.</summary>
    public void LookAtTotals()
    {
        var now = Set.Totals;
        Requirement.That(now.Pops >= _seen.Pops && now.Pushes >= _seen.Pushes, $"totals fell from {_seen} to {now}");
        _seen = now;
    }

    public void TakeAndPut()
    {
        if (TryTake(out var item))
            Put(item);
    }

    /// <summary>Takes a number of items out of the stack, the oldest first, into the depot, or else back into the structure.</summary>
    public void Flush(int most)
    {
        Span<uint> items = stackalloc uint[most];
        var taken = Set.Current.TakeOldest(items);
        if (taken > 0 && !Set.TryStow(items[..taken]))
            Give(items[..taken]);
    }

    /// <summary>Takes a magazine out of the depot into the stack; what doesn't fit goes into the structure.</summary>
    public void RefillFromDepot()
    {
        Span<uint> items = stackalloc uint[_magazineRoom];
        var taken = Set.TakeStowed(items);
        var kept = taken == 0 ? 0 : Set.Current.Refill(items[..taken]);
        if (kept < taken)
            Give(items[kept..taken]);
    }

    /// <summary>Takes a batch out of the structure: what doesn't fit into the stack goes back.</summary>
    public void Refill(int most)
    {
        uint[] items;
        using (_latch.Hold())
        {
            items = [.. _structure.Take(most)];
            _structure.RemoveRange(0, items.Length);
        }

        var kept = Set.Current.Refill(items);
        if (kept < items.Length)
            Give(items.AsSpan(kept));
    }

    /// <summary>Lets the calling thread's stack grow, unless another is emptying it.</summary>
    public void Grow(int capacity) => Set.Current.TryGrow(capacity);

    public void DrainAll()
    {
        try
        {
            Set.DrainAll(Sink);
        }
        catch (SinkFailedException)
        {
        }
    }

    public void Close()
    {
        Set.Close(Sink);
        IsClosed = true;
    }

    /// <summary>Every item is accounted for.</summary>
    public void RequireAllThere()
    {
        Requirement.Equal(Set.Totals, _done, "what was popped and pushed");
        Requirement.Equal(_onlookers.TryPush(0), !IsClosed, "a thread may use its stack again, unless the set was closed");
        _onlookers.TryPop(out _);
        if (IsClosed)
            Requirement.Equal(Set.CachedCount + Set.SharedCount, 0, "items in stacks and the depot after the set was closed");
        Requirement.Equal(Set.CachedCount + Set.SharedCount + _structure.Count + _inHand.Count, _items, "items in stacks, the depot, the structure and hands");
        Set.DrainEnded();
        if (_magazineRoom > 0)
            Set.DrainAll(Give);
        Requirement.Equal(Set.CachedCount, 0, "items in stacks of threads that have ended");
        Requirement.Equal(
            string.Join(' ', _structure.Concat(_inHand).Order()),
            string.Join(' ', Enumerable.Range(1, _items)),
            "items in the structure and in hands");
    }

    public Scene Play(Action[] threads, params Action?[] preludes) => new(threads)
    {
        Preludes = preludes,
        Check = RequireAllThere,
        State = () => $"{_structure.Count} in the structure, {string.Join(' ', _inHand.Order())} in hand",
        Close = () => Set.Close(static _ => { }),
        EndsMatter = true,
    };

    private void Sink(ReadOnlySpan<uint> items)
    {
        if (SinksToFail > 0)
        {
            SinksToFail--;
            throw new SinkFailedException();
        }

        Give(items);
    }

    private void Give(ReadOnlySpan<uint> items)
    {
        using (_latch.Hold())
            _structure.AddRange(items);
    }

    private sealed class SinkFailedException() : Exception("The sink was told to fail.");
}
