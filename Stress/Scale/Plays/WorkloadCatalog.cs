namespace FolioRuntime.Scale.Plays;

/// <summary>Every workload: the hot paths, then the allocators' benchmarks.</summary>
internal static class WorkloadCatalog
{
    private const int PageBytes = 4096;
    private const int MainsPieces = 1_000_000;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new RentReturn("rent-return", 64),
        new RentReturnMany("rent-return-32", 32, 64, atOnce: true),
        new RentReturnMany("rent-return-32-singly", 32, 64, atOnce: false),
        new RentReturn("page-alloc-free", PageBytes),
        new TryGetPut("try-get-put", TryGetPutPlace.FarApart),
        new TryGetPut("try-get-put-neighbours", TryGetPutPlace.Neighbours),
        new TryGetPut("try-get-put-hot", TryGetPutPlace.OneForAll),
        new PinUnpin(),
        new ReadFolio("optimistic-read", FolioReading.Optimistic, shared: false),
        new ReadFolio("optimistic-read-hot", FolioReading.Optimistic, shared: true),
        new ReadFolio("get-copy-put", FolioReading.Counted, shared: false),
        new ReadFolio("get-copy-put-hot", FolioReading.Counted, shared: true),
        new ReadFolio("pin-copy-unpin-hot", FolioReading.Pinned, shared: true),
        new RawAtomics("raw-atomics", shared: false),
        new RawAtomics("raw-atomics-hot", shared: true),
        new NativeCall(),
        new Larson(),
        new Xmalloc(),
        new CacheScratch("cache-scratch", handsDown: true),
        new CacheScratch("cache-thrash", handsDown: false),
        new AllocTest(),
        new Mstress(),
        new Rptest(),
        new Sh6Bench("sh6bench", 0),
        new Sh6Bench("sh8bench", MainsPieces),
    ];
}
