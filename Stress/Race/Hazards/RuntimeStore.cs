extern alias instrumented;

using instrumented::FolioRuntime.Slabs;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a slab cache of the shipping sources over the instrumented seam, on a few pages, with threads' own stacks in front.</summary>
internal sealed class RuntimeStore : IStore
{
    private const int ObjectBytes = 256;
    private const int Pages = 8;

    // Wrong returns are made on purpose; none of these may come of them.
    private static readonly ViolationKind[] s_never = [ViolationKind.SurplusPut, ViolationKind.DestructorThrew, ViolationKind.Corruption];

    private readonly InstrumentedRuntime _runtime;
    private readonly SlabCache _cache;
    private readonly SlabCache _elsewhere;

    public RuntimeStore(Referee referee, int capacity, Action<Span<byte>> constructor)
    {
        _runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = capacity * ObjectBytes,
            ReservationBytes = Pages * 4096,
            MaxOrder = 0,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        _runtime.ViolationDetected += violation => referee.Require(!s_never.Contains(violation.Kind), violation.ToString());
        var options = new SlabCacheOptions { SlabOrder = 0, ThreadCacheCapacity = StoreScene.ThreadShare, EmptySlabsKept = 0 };
        _cache = _runtime.CreateByteCache("store", ObjectBytes, options, bytes => constructor(bytes));
        _elsewhere = _runtime.CreateByteCache("elsewhere", ObjectBytes, options);
        Capacity = capacity;
        IndexLimit = _runtime.Slabs.Tables.FrameCount << _runtime.Slabs.Tables.SlotShift;
    }

    public int Capacity { get; }

    public uint IndexLimit { get; }

    public bool TryRent(out ulong handle)
    {
        var rented = _cache.TryRent(out var slot);
        handle = slot.ToUInt64();
        return rented;
    }

    public bool TryReturn(ulong handle) => _cache.TryReturn(new SlabHandle(handle));

    public bool TryReturnElsewhere(ulong handle) => _elsewhere.TryReturn(new SlabHandle(handle));

    public Span<byte> Content(ulong handle) => _cache.BytesOf(new SlabHandle(handle));

    public void Trim() => _runtime.Trim();

    public void Repair()
    {
        // The runtime has to go on as it is.
    }

    public void Dispose() => _runtime.Dispose();
}
