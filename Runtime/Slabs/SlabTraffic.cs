using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;

namespace FolioRuntime.Slabs;

/// <summary>
/// Counts what goes between threads' own free objects and what is behind them, and tells of it where somebody listens. Only what leaves a thread is counted, by the batch: a rent or return that a thread does
/// alone comes by here no more than by any other counter, and is told by its stack's tally (<see cref="StackTally"/>). Thread-safe; called with no latch held.
/// </summary>
internal sealed class SlabTraffic(string cache, ITrace? trace)
{
    private readonly StripedCounter _refills = new();
    private readonly StripedCounter _refillsFromDepot = new();
    private readonly StripedCounter _flushes = new();
    private readonly StripedCounter _flushesToDepot = new();
    private readonly StripedCounter _refused = new();
    private readonly StripedCounter _returned = new();

    public long Refills => _refills.Value;

    public long RefillsFromDepot => _refillsFromDepot.Value;

    public long Flushes => _flushes.Value;

    public long FlushesToDepot => _flushesToDepot.Value;

    public long RentsRefused => _refused.Value;

    public long ReturnedOutsideSlabs => _returned.Value;

    public void Refilled(int objects, bool fromDepot)
    {
        _refills.Add();
        if (fromDepot)
            _refillsFromDepot.Add();
        trace?.Refilled(cache, objects, fromDepot);
    }

    public void Flushed(int objects, bool toDepot)
    {
        _flushes.Add();
        if (toDepot)
            _flushesToDepot.Add();
        trace?.Flushed(cache, objects, toDepot);
    }

    /// <summary>An object ended whose slot goes neither to a thread's stack nor to a slab: a guarded one, or one found damaged when it was taken for a rent.</summary>
    public void Returned() => _returned.Add();

    /// <summary>A rent found no memory.</summary>
    public void Refused() => _refused.Add();

    public void SlabCreated(long bytes) => trace?.SlabCreated(cache, bytes);

    public void SlotRetired(uint index) => trace?.SlotRetired(cache, index);
}
