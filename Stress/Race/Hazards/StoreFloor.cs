using System.Collections.Concurrent;

namespace FolioRuntime.Race.Hazards;

/// <summary>Where the threads of a <see cref="StoreScene"/> meet: the pool under custody, a queue of objects handed on, and tickets for races.</summary>
internal sealed class StoreFloor(Custody custody, Referee referee, int threads)
{
    // Fewer than there are, so that renters are refused only where that is the point.
    private const int MostHandedOn = 64;

    private readonly ConcurrentQueue<ulong> _handedOn = new();
    private readonly ReturnTicket?[] _tickets = new ReturnTicket?[threads];
    private long _offered;
    private long _accepted;
    private long _tooMany;

    public Custody Custody => custody;

    public bool HasRoom => _handedOn.Count < MostHandedOn;

    /// <summary>Gives an object to whoever takes it, who then has to return it.</summary>
    public void HandOn(ulong handle) => _handedOn.Enqueue(handle);

    public bool TryTake(out ulong handle) => _handedOn.TryDequeue(out handle);

    /// <summary>Offers a life to everybody to be ended.</summary>
    public ReturnTicket Offer(Hand hand, ulong handle)
    {
        custody.LetGo(handle);
        Interlocked.Increment(ref _offered);
        var ticket = new ReturnTicket(handle);
        Volatile.Write(ref _tickets[hand.Index % threads], ticket);
        return ticket;
    }

    public ReturnTicket? Offered(int cell) => Volatile.Read(ref _tickets[cell]);

    /// <summary>What anybody offered.</summary>
    public ReturnTicket? Offered(Hand hand) => Offered(hand.Below(threads));

    /// <summary>Tries to end a life that others try to end as well. One of them may succeed; more only where the rest is told later.</summary>
    public void Race(Hand hand, ReturnTicket ticket)
    {
        hand.Operations++;
        if (!custody.Store.TryReturn(ticket.Handle))
            return;
        Interlocked.Increment(ref _accepted);
        referee.Require(ticket.TryCount() || custody.Store.ToldLater is not null, "one life was returned twice");
    }

    /// <summary>Tries to return an object that is out through another pool.</summary>
    public void ReturnElsewhere(Hand hand, ulong handle)
    {
        hand.Operations++;
        referee.Require(!custody.Store.TryReturnElsewhere(handle), "another pool took the object back");
    }

    /// <summary>Returns what was handed on and not taken. Of the returns that raced all but one for each life must have been refused, or told later.</summary>
    public void Clear(Hand hand)
    {
        while (_handedOn.TryDequeue(out var handle))
            custody.Return(hand, handle);
        Array.Clear(_tickets);
        if (custody.Store.ToldLater is null)
            return;
        custody.Store.Trim();
        var tooMany = _accepted - _offered - custody.Store.ToldLater.Value;
        referee.Require(tooMany == _tooMany, $"of the returns that were accepted {tooMany - _tooMany} too many were not told");
        _tooMany = tooMany;
    }
}
