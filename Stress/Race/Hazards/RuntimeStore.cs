extern alias instrumented;

using System.Numerics;
using instrumented::FolioRuntime.Slabs;
using InstrumentedOptions = instrumented::FolioRuntime.PoolRuntimeOptions;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;
using ViolationKind = instrumented::FolioRuntime.Lifetimes.ViolationKind;

namespace FolioRuntime.Race.Hazards;

/// <summary>
/// The subject: a slab cache of the shipping sources over the instrumented seam, on a few pages, with threads' own stacks in front. Where threads own its
/// slabs a trim also gives the words of free slots back to the system.
/// </summary>
internal sealed class RuntimeStore : IStore
{
    private const int ObjectBytes = 256;
    private const int Pages = 8;

    // Wrong returns are made on purpose; none of these may come of them.
    private static readonly ViolationKind[] s_never = [ViolationKind.SurplusPut, ViolationKind.DestructorThrew, ViolationKind.Corruption];

    private static readonly ViolationKind[] s_wrongReturns = [ViolationKind.StaleReturn, ViolationKind.DoubleReturn, ViolationKind.ForeignHandle];

    private readonly InstrumentedRuntime _runtime;
    private readonly SlabCache _cache;
    private readonly SlabCache _elsewhere;
    private readonly Referee _referee;
    private readonly bool _threadsOwn;
    private long _told;
    private long _refused;

    public RuntimeStore(Referee referee, int capacity, Action<Span<byte>> constructor, bool threadsOwn)
    {
        _referee = referee;
        _threadsOwn = threadsOwn;
        _runtime = new InstrumentedRuntime(new InstrumentedOptions
        {
            CapacityBytes = capacity * ObjectBytes,
            ReservationBytes = Pages * 4096,
            MaxOrder = threadsOwn ? BitOperations.Log2(Pages) : 0,
            TrimInterval = Timeout.InfiniteTimeSpan,
        });
        _runtime.ViolationDetected += violation =>
        {
            referee.Require(!s_never.Contains(violation.Kind), violation.ToString());
            Interlocked.Add(ref _told, s_wrongReturns.Contains(violation.Kind) ? 1 : 0);
        };
        var options = new SlabCacheOptions
        {
            SlabOrder = 0,
            ThreadCacheCapacity = StoreScene.ThreadShare,
            EmptySlabsKept = 0,
            Discipline = threadsOwn ? SlabDiscipline.Exclusive : SlabDiscipline.Shared,
        };
        _cache = _runtime.CreateByteCache("store", ObjectBytes, options, bytes => constructor(bytes));
        _elsewhere = _runtime.CreateByteCache("elsewhere", ObjectBytes, options);
        Capacity = capacity;
        IndexLimit = _runtime.Slabs.Tables.FrameCount << _runtime.Slabs.Tables.SlotShift;
    }

    public int Capacity { get; }

    public uint IndexLimit { get; }

    // What is refused is told at once.
    public long? ToldLater => _threadsOwn ? _told - _refused : null;

    public bool TryRent(out ulong handle)
    {
        var rented = _cache.TryRent(out var slot);
        handle = slot.ToUInt64();
        return rented;
    }

    public bool TryReturn(ulong handle) => TryReturn(_cache, handle);

    public bool TryReturnElsewhere(ulong handle) => TryReturn(_elsewhere, handle);

    public Span<byte> Content(ulong handle) => _cache.BytesOf(new SlabHandle(handle));

    public void Trim() => _runtime.Trim();

    public void Repair()
    {
        // The runtime has to go on as it is.
        Trim();
        var snapshot = _runtime.Snapshot();
        var (pages, cache) = (snapshot.Pages, snapshot.Caches.Single(cache => cache.Name == _cache.Name));
        _referee.Require(
            (cache.ActiveObjects, cache.CachedObjects + cache.SharedObjects, cache.ReturnsOnTheWay, cache.TotalSlabs, pages.AllocatedFrames) == default,
            $"everything was returned and trimmed, and there are {cache.ActiveObjects} objects out, {cache.CachedObjects} kept by threads, {cache.SharedObjects} in the depot, "
            + $"{cache.ReturnsOnTheWay} returns on the way, {cache.TotalSlabs} slabs and {pages.AllocatedFrames} pages");
    }

    public void Dispose() => _runtime.Dispose();

    private bool TryReturn(SlabCache cache, ulong handle)
    {
        var returned = cache.TryReturn(new SlabHandle(handle));
        if (!returned)
            Interlocked.Increment(ref _refused);
        return returned;
    }
}
