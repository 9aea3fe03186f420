extern alias instrumented;

using instrumented::FolioRuntime.Slabs;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: the caches of a runtime, some with objects, under snapshots and trims.</summary>
internal sealed class RuntimeListing : IListing
{
    private readonly InstrumentedRuntime _runtime = new(new InstrumentedOptions { CapacityBytes = 1 << 20, ReservationBytes = 1 << 20, MaxOrder = 4, TrimInterval = Timeout.InfiniteTimeSpan });

    public RuntimeListing(Referee referee)
    {
        _runtime.ViolationDetected += violation => referee.Report(violation.ToString());
        _runtime.CreateByteCache(IListing.Anchor, 64);
    }

    public IDisposable Add(string name)
    {
        var cache = _runtime.CreateByteCache(name, 64, new SlabCacheOptions { SlabOrder = 0 });
        cache.Return(cache.Rent());
        return cache;
    }

    public IReadOnlyList<string> List()
    {
        _runtime.Trim();
        return [.. _runtime.Snapshot().Caches.Select(cache => cache.Name)];
    }

    public void Dispose() => _runtime.Dispose();
}
