extern alias instrumented;

using instrumented::FolioRuntime.Slabs;
using InstrumentedRuntime = instrumented::FolioRuntime.PoolRuntime;

namespace FolioRuntime.Race.Hazards;

/// <summary>The subject: a slab cache of a runtime that goes on.</summary>
internal sealed class RuntimeEndingCache(InstrumentedRuntime runtime, bool threadsOwn) : IEndingCache
{
    private readonly SlabCache _cache = runtime.CreateByteCache(
        "ending",
        EndingScene.ObjectBytes,
        new SlabCacheOptions
        {
            SlabOrder = 0,
            ThreadCacheCapacity = StoreScene.ThreadShare,
            Discipline = threadsOwn ? SlabDiscipline.Exclusive : SlabDiscipline.Shared,
        });

    public bool TryRent(out ulong handle)
    {
        handle = 0;
        try
        {
            var rented = _cache.TryRent(out var slot);
            handle = slot.ToUInt64();
            return rented;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public Span<byte> Content(ulong handle) => _cache.BytesOf(new SlabHandle(handle));

    public bool TryReturn(ulong handle) => _cache.TryReturn(new SlabHandle(handle));

    public void End() => _cache.Dispose();

    public long PagesLeft => runtime.Snapshot().Pages.AllocatedFrames;
}
