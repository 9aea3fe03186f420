namespace FolioRuntime.Primitives;

/// <content>The depot, through which threads exchange items without the structure behind.</content>
internal sealed partial class ThreadStackSet
{
    /// <summary>How often threads may meet at the depot between two looks for idleness before stacks grow. Source: Solaris' <c>kmem_depot_contention</c>.</summary>
    private const int ContentionBorne = 3;

    private readonly DepotPlan _depotPlan;

    [Glance("A thread that reads the former value grows its stack at the next exchange.")]
    private int _capacity;

    [Glance("Threads that decide at the same time grow stacks a step too far or too late.")]
    private int _contentionBefore;

    // Written once, under the latch. L8: an item that left a stack is in a magazine or back in the structure, whoever empties or closes both meanwhile.
    // [stack-depot-against-drain, slab-depot-flush-against-refills, slab-depot-exchange-against-idle-trim, slab-depot-flush-against-dispose]
    private MagazineDepot? _depot;

    private MagazineDepot? Depot => _depotPlan.Magazines == 0 ? null : Atomics.LoadAcquire(ref _depot);

    /// <summary>Items that a stack may hold now; an owner that finds its own smaller lets it grow.</summary>
    [Glance("A thread that reads the former value grows its stack at the next exchange.")]
    public int Capacity => _capacity;

    /// <summary>Items in the depot. A glance unless every thread is quiet.</summary>
    public long SharedCount => Depot?.Count ?? 0;

    /// <summary>What there is. A glance.</summary>
    public ThreadStackCounts Counts => new(CachedCount, SharedCount, LargestCapacity);

    /// <summary>Items that the largest stack may hold now.</summary>
    private int LargestCapacity
    {
        get
        {
            using (_latch.Hold())
            {
                var largest = _stacks.Aggregate(Capacity, static (largest, member) => Math.Max(largest, member.Stack.Capacity));
                GC.KeepAlive(this);
                return largest;
            }
        }
    }

    /// <summary>Puts what a thread has too many of into the depot. False: it is full, or there is none: the structure must take them.</summary>
    /// <param name="items">At most what a magazine has room for; they are nobody else's.</param>
    public bool TryStow(ReadOnlySpan<uint> items)
    {
        if (Depot is not { } depot || !depot.TryStow(items, _returnToStructure))
            return false;
        GrowIfContended(depot);
        return true;
    }

    /// <summary>Takes what others had too many of, one magazine. Returns how many items; 0: there are none.</summary>
    /// <param name="destination">With room for a magazine's items.</param>
    public int TakeStowed(Span<uint> destination)
    {
        if (Depot is not { } depot)
            return 0;
        var taken = depot.Take(destination);
        GrowIfContended(depot);
        return taken;
    }

    /// <summary>Lets the calling thread's stack grow to what stacks may hold now, or to twice what it held where that is too small for how the thread works. True: more fits than before.</summary>
    public bool TryGrow(ThreadStack stack)
    {
        var capacity = stack.IsTooSmall ? Math.Max(Capacity, Math.Min(2 * stack.Capacity, _largestCapacity)) : Capacity;
        return stack.Capacity < capacity && stack.TryGrow(capacity);
    }

    /// <summary>One thread alone has nobody to exchange with, so the depot is made for the second.</summary>
    private void OpenDepotUnsynchronized()
    {
        if (_depotPlan.Magazines > 0 && _stacks.Count > 0 && _depot is null)
            Atomics.StoreRelease(ref _depot, new MagazineDepot(_depotPlan.Magazines, _depotPlan.MagazineRoom));
    }

    [Glance("Threads that decide at the same time grow stacks a step too far or too late.")]
    private void GrowIfContended(MagazineDepot depot)
    {
        var contention = depot.Contention;
        if (contention - _contentionBefore <= ContentionBorne || _capacity >= _depotPlan.LargestCapacity)
            return;
        _contentionBefore = contention;
        _capacity = Math.Min(2 * _capacity, _depotPlan.LargestCapacity);
    }
}
