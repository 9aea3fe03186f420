namespace FolioRuntime.Primitives;

/// <summary>
/// Where threads exchange items in batches: a fixed number of magazines, each of which is full (it has items, waiting for a thread that needs some), empty, or in the
/// hands of one thread that fills or empties it. Thread-safe; lock-free.
/// <code>
///   stow:  empty ─pop─► copy items in  ─push─► full
///   take:  full  ─pop─► copy items out ─push─► empty
/// </code>
/// Invariant: a magazine is in one list or in one thread's hands, so an item is in one place (L8).   [MagazineDepotTests]
/// After <see cref="Close"/> nothing stays: whoever stows looks, after its push, whether the depot was closed, and whoever closes drains after it said so, each with a full
/// fence between, so at least one of the two finds the items.
/// Source: Bonwick and Adams, Magazines and Vmem (2001), §3; Linux: the barn of SLUB's sheaves. A thread's two magazines are the two halves of its <see cref="ThreadStack"/>.
/// </summary>
internal sealed class MagazineDepot
{
    private readonly int _room;

    // Of each magazine: how many items it has, then these. Whoever has popped it is the only one to use them.
    private readonly uint[] _cells;
    private readonly MagazineStack _full;
    private readonly MagazineStack _empty;
    private readonly int _magazines;
    private uint _closed;

    /// <param name="magazines">How many, 1 to <see cref="MagazineList.Limit"/>.</param>
    /// <param name="room">Most items in one.</param>
    public MagazineDepot(int magazines, int room)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(magazines, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(magazines, MagazineList.Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(room, 1);
        _room = room;
        _cells = new uint[magazines * (1 + room)];
        _magazines = magazines;
        var below = new uint[magazines];
        _full = new MagazineStack(below);
        _empty = new MagazineStack(below);
        for (var magazine = 0; magazine < magazines; magazine++)
            _empty.Push(magazine);
    }

    /// <summary>Items in full magazines. A glance unless every thread is quiet.</summary>
    [Glance("For statistics.")]
    public long Count
    {
        get
        {
            long sum = 0;
            for (var magazine = 0; magazine < _magazines; magazine++)
                sum += CountOf(magazine);
            return sum;
        }
    }

    /// <summary>How often a thread found that another had changed a list since it looked. A glance.</summary>
    public int Contention => _full.Contention + _empty.Contention;

    /// <summary>Takes items over into an empty magazine. False: there is none; nothing changed.</summary>
    /// <param name="items">No more than a magazine has room for.</param>
    /// <param name="ifClosed">Receives all items that are there if the depot turns out to be closed.</param>
    public bool TryStow(ReadOnlySpan<uint> items, ThreadStackSink ifClosed)
    {
        Invariant.Require(items.Length <= _room, "a magazine has room for the batch");
        var magazine = _empty.Pop();
        if (magazine < 0)
            return false;
        items.CopyTo(Places(magazine));
        CountOf(magazine) = (uint)items.Length;
        _full.Push(magazine);
        if (Atomics.LoadAcquire(ref _closed) != 0)
            Drain(ifClosed);
        return true;
    }

    /// <summary>Takes the items of the magazine filled last, and returns how many there are; 0: none is full.</summary>
    /// <param name="destination">With room for a magazine's items.</param>
    public int Take(Span<uint> destination)
    {
        Invariant.Require(destination.Length >= _room, "there is room for a magazine");
        var magazine = _full.Pop();
        if (magazine < 0)
            return 0;
        var count = (int)CountOf(magazine);
        Places(magazine)[..count].CopyTo(destination);
        CountOf(magazine) = 0;
        _empty.Push(magazine);
        return count;
    }

    /// <summary>Gives all items away that are there when it looks.</summary>
    public void Drain(ThreadStackSink sink)
    {
        // Ends: no more turns than there are magazines.
        for (var left = _magazines; left > 0 && TryDrainOne(sink); left--)
        {
        }
    }

    /// <summary>
    /// Gives away as many magazines as were full at every moment since the last call, and begins a new interval: the working set's rule of Bonwick and Adams, §3.6.
    /// </summary>
    public void DrainIdle(ThreadStackSink sink)
    {
        for (var unneeded = _full.FewestInInterval; unneeded > 0 && TryDrainOne(sink); unneeded--)
        {
        }

        _full.BeginInterval();
    }

    /// <summary>Gives all items away, now and whatever is stowed later.</summary>
    public void Close(ThreadStackSink sink)
    {
        // Dekker with TryStow: the exchange is a full fence before the drain, as the push there is before the look.
        Atomics.Exchange(ref _closed, 1);
        Drain(sink);
    }

    private bool TryDrainOne(ThreadStackSink sink)
    {
        var magazine = _full.Pop();
        if (magazine < 0)
            return false;
        try
        {
            sink(Places(magazine)[..(int)CountOf(magazine)]);
        }
        catch
        {
            // A sink that throws has taken nothing.
            _full.Push(magazine);
            throw;
        }

        CountOf(magazine) = 0;
        _empty.Push(magazine);

        return true;
    }

    private ref uint CountOf(int magazine) => ref _cells[magazine * (1 + _room)];

    private Span<uint> Places(int magazine) => _cells.AsSpan((magazine * (1 + _room)) + 1, _room);
}
