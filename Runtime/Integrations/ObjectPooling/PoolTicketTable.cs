using System.Diagnostics.CodeAnalysis;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>The tickets of one pool by number, from 1 to the most that are retained. Look-up takes no latch.</summary>
internal sealed class PoolTicketTable<T>(int capacity)
    where T : class
{
    private const uint Scatter = 0x9E3779B1;

    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new();

    // Replaced as a whole when it grows. Writers: under the latch. Readers: any thread, and one that sees the smaller array sees tickets that are
    // there or were: whether an object is idle is the ticket's own word.
    private PoolTicket<T>?[] _tickets = new PoolTicket<T>?[8];
    private uint _last;

    /// <summary>A ticket that was once in this place or still is; null: none is.</summary>
    public PoolTicket<T>? Find(ulong number)
    {
        var tickets = Atomics.LoadAcquire(ref _tickets);
        return number < (ulong)tickets.Length ? Atomics.LoadAcquire(ref tickets[number]) : null;
    }

    public bool TryAdd([NotNullWhen(true)] out PoolTicket<T>? ticket)
    {
        ticket = null;
        if (capacity == 0)
            return false;
        using (_latch.Hold())
        {
            if (!_free.TryPop(out var number))
            {
                if (_last == capacity)
                    return false;
                number = (int)_last + 1;
                if (number >= _tickets.Length)
                {
                    var larger = new PoolTicket<T>?[2 * _tickets.Length];
                    _tickets.CopyTo(larger, 0);
                    Atomics.StoreRelease(ref _tickets, larger);
                }

                Atomics.StoreRelease(ref _last, (uint)number);
            }

            ticket = new PoolTicket<T>(number);
            Atomics.StoreRelease(ref _tickets[number], ticket);
            return true;
        }
    }

    public void Remove(PoolTicket<T> ticket)
    {
        using (_latch.Hold())
        {
            Atomics.StoreRelease(ref _tickets[ticket.Number], null);
            _free.Push(ticket.Number);
        }
    }

    /// <summary>
    /// Gives out an idle object that lies behind another slot, in another thread's stack perhaps. That slot's content then names a ticket that is not idle, or is so again
    /// by another way: it was a hint only.
    /// </summary>
    /// <param name="handle">The slot that the caller rented, from now on the ticket's.</param>
    /// <param name="most">Most tickets to look at, beginning at a place that depends on the slot.</param>
    /// <param name="ticket">The object's ticket.</param>
    /// <param name="item">The object.</param>
    public bool TryActivateAny(SlabHandle<ulong> handle, uint most, [NotNullWhen(true)] out PoolTicket<T>? ticket, [NotNullWhen(true)] out T? item)
    {
        var count = Atomics.LoadAcquire(ref _last);
        var start = (handle.Index * Scatter) >> 16;
        for (var i = 0u; i < Math.Min(count, most); i++)
        {
            ticket = Find(1 + ((start + i) % count));
            if (ticket is { IsIdle: true } && ticket.TryActivate(handle, out item))
                return true;
        }

        ticket = null;
        item = null;
        return false;
    }

    /// <summary>Objects that are idle, and objects with a ticket that are not.</summary>
    public (int Idle, int Out) Count()
    {
        using (_latch.Hold())
        {
            var tickets = _tickets.OfType<PoolTicket<T>>().ToArray();
            var idle = tickets.Count(ticket => ticket.IsIdle);
            return (idle, tickets.Length - idle);
        }
    }

    /// <summary>Takes idle objects away for good; their numbers are free then. Gets and returns may go on.</summary>
    /// <param name="least">Leaves as many as it needs for so many tickets, those of objects that are out included.</param>
    /// <param name="onlyUnused">Only those that nobody has had since the last call.</param>
    public IReadOnlyList<T> TakeIdle(int least = 0, bool onlyUnused = false)
    {
        var taken = new List<T>();
        using (_latch.Hold())
        {
            var spare = (int)_last - _free.Count - least;
            for (var number = 1; number <= (int)_last; number++)
            {
                // What is out now was used, whenever it comes back.
                if (_tickets[number] is not { IsIdle: true } ticket || (!ticket.IsUnused() && onlyUnused) || taken.Count >= spare)
                    continue;
                if (ticket.TakeIdle() is not { } item)
                    continue;
                Atomics.StoreRelease(ref _tickets[number], null);
                _free.Push(number);
                taken.Add(item);
            }
        }

        return taken;
    }
}
