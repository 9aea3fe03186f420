using FolioRuntime.Harness;
using FolioRuntime.Slabs;

namespace FolioRuntime.Bench;

/// <summary>One rent and return of a 64-byte object under each debug option. The baseline is the same without any; "uncached" is what giving up threads' caches costs alone.</summary>
internal sealed class DebugOperations : IDisposable
{
    public const string Baseline = "off";

    private readonly PoolRuntime _runtime = new(new PoolRuntimeOptions { CapacityBytes = 256 << 20, TrimInterval = Timeout.InfiniteTimeSpan });

    public DebugOperations() => All =
    [
        Measured(Baseline, new SlabCacheOptions()),
        Measured("uncached", new SlabCacheOptions { ThreadCacheCapacity = 0 }),
        .. Enum.GetValues<SlabDebugOptions>().Where(debug => debug != SlabDebugOptions.None).Select(debug => Measured(debug.ToString(), new SlabCacheOptions { Debug = debug })),
        Measured("guards, 1 in 10000", new SlabCacheOptions { GuardSampleInterval = 10_000 }),
        Measured("guards, 1 in 100", new SlabCacheOptions { GuardSampleInterval = 100 }),
        Measured("guards, every rent", new SlabCacheOptions { GuardSampleInterval = 1 }),
        Measured("leaks, 1 in 10000", new SlabCacheOptions { LeakSampleInterval = 10_000 }),
        Measured("leaks, 1 in 100", new SlabCacheOptions { LeakSampleInterval = 100 }),
        Measured("leaks, every rent", new SlabCacheOptions { LeakSampleInterval = 1 }),
    ];

    public IReadOnlyList<TimedOperation> All { get; }

    public void Dispose() => _runtime.Dispose();

    private TimedOperation Measured(string name, SlabCacheOptions options)
    {
        var cache = _runtime.CreateByteCache(name, 64, options);
        return new TimedOperation(name, count =>
        {
            for (var i = 0; i < count; i++)
                cache.Return(cache.Rent());
        });
    }
}
