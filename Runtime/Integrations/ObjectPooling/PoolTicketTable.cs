using FolioRuntime.Primitives;

namespace FolioRuntime.Integrations.ObjectPooling;

/// <summary>The tickets of one pool by number, from 1 to the most that are retained. Look-up takes no latch.</summary>
internal sealed class PoolTicketTable<T>(int capacity)
    where T : class
{
    private readonly Latch _latch = new();
    private readonly Stack<int> _free = new();

    // Replaced as a whole when it grows. Writers: under the latch.
    private PoolTicket<T>?[] _tickets = new PoolTicket<T>?[8];
    private int _last;

    /// <summary>A ticket that somebody holds through its slot.</summary>
    public PoolTicket<T> this[int number] => Atomics.LoadAcquire(ref Atomics.LoadAcquire(ref _tickets)[number])!;

    public bool TryAdd(out PoolTicket<T> ticket)
    {
        using (_latch.Hold())
        {
            if (!_free.TryPop(out var number))
            {
                if (_last == capacity)
                {
                    ticket = null!;
                    return false;
                }

                number = ++_last;
                if (number >= _tickets.Length)
                {
                    var larger = new PoolTicket<T>?[2 * _tickets.Length];
                    _tickets.CopyTo(larger, 0);
                    Atomics.StoreRelease(ref _tickets, larger);
                }
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

    /// <summary>The idle objects, once nobody rents any more.</summary>
    public IReadOnlyList<T> TakeIdle()
    {
        using (_latch.Hold())
            return [.. _tickets.Select(ticket => ticket?.TakeIdle()).OfType<T>()];
    }
}
