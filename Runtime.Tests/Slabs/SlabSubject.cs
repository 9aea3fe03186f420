using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>What <see cref="SlabModel"/> calls: the cache itself, unless a test plants a bug by overriding a call.</summary>
internal class SlabSubject(SlabCache cache)
{
    public SlabCache Cache { get; } = cache;

    public bool TryRent(out SlabHandle handle) => Cache.TryRent(out handle);

    public bool TryAllocate(out SlabReference reference) => Cache.TryAllocate(out reference);

    public int TryRentMany(Span<SlabHandle> handles) => Cache.TryRentMany(handles);

    public virtual bool TryGet(SlabHandle handle, out SlabReference reference) => Cache.TryGet(handle, out reference);

    public virtual void Put(SlabHandle handle) => Cache.Put(handle.Index, handle.Generation);

    public virtual bool TryReturn(SlabHandle handle) => Cache.TryReturn(handle);

    public virtual void ReturnMany(ReadOnlySpan<SlabHandle> handles) => Cache.ReturnMany(handles);
}
