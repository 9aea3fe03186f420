using FolioRuntime.Lifetimes;
using FolioRuntime.Primitives;
using FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>A slab cache with one bug, to show that <see cref="SlabModel"/> notices.</summary>
internal sealed class FaultySlabs(SlabCache cache, SlabRegistry registry, SlabBug bug) : SlabSubject(cache)
{
    public override bool TryGet(SlabHandle handle, out SlabReference reference)
    {
        if (bug != SlabBug.GetsAnotherCachesObject)
            return base.TryGet(handle, out reference);
        var got = Lifetime.TryGet(ref Word(handle), handle.Generation) == GetOutcome.Got;
        reference = got ? new SlabReference(Cache, handle.Index, handle.Generation, Cache.AddressOf(handle.Index)) : default;
        return got;
    }

    public override void Put(SlabHandle handle)
    {
        base.Put(handle);
        if (bug == SlabBug.PutsTwice)
            base.Put(handle);
    }

    public override bool TryReturn(SlabHandle handle)
    {
        var before = Lifetime.Load(ref Word(handle));
        var isRented = before.Generation == handle.Generation && before.IsOwned;
        if (isRented && bug == SlabBug.FreesUnderAReference && before.References > 0)
        {
            Free(handle);
            return true;
        }

        if (isRented && bug == SlabBug.SkipsTheDestructor)
        {
            Free(handle);
            return true;
        }

        var returned = base.TryReturn(handle);
        if (returned && bug == SlabBug.LosesASlot)
            Cache.Store.Take(new uint[1]);
        if (returned && bug == SlabBug.IssuesAGenerationAgain && !Lifetime.Load(ref Word(handle)).IsLive)
            Atomics.StoreRelease(ref Word(handle), LifetimeWord.Dead(handle.Generation).Bits);
        if (returned && bug == SlabBug.FreesASlotTwice)
            Cache.Store.Give([handle.Index]);
        return returned || bug == SlabBug.AcceptsASecondReturn;
    }

    public override void ReturnMany(ReadOnlySpan<SlabHandle> handles)
    {
        if (bug != SlabBug.StopsABulkReturnAtTheFirstWrongHandle)
        {
            base.ReturnMany(handles);
            return;
        }

        foreach (var handle in handles)
            Cache.Return(handle);
    }

    private ref ulong Word(SlabHandle handle) => ref registry.Tables.SlotWord(handle.Index);

    private void Free(SlabHandle handle)
    {
        Atomics.StoreRelease(ref Word(handle), LifetimeWord.Dead(handle.Generation).Freed.Bits);
        Cache.Store.Give([handle.Index]);
    }
}
