extern alias instrumented;

using instrumented::FolioRuntime.Lifetimes;
using instrumented::FolioRuntime.Primitives;
using instrumented::FolioRuntime.Slabs;

namespace FolioRuntime.Tests.Slabs;

/// <summary>Slab caches whose return is two steps that should be one.</summary>
internal sealed class FaultySlabsPlay(SlabsPlay.Setting setting, SlabRace race) : SlabsPlay(setting)
{
    protected override bool TryReturn(int cache, SlabHandle handle)
    {
        ref var word = ref Runtime.Slabs.Tables.SlotWord(handle.Index);
        var seen = Lifetime.Load(ref word);
        var isIts = Atomics.LoadAcquire(ref Runtime.Slabs.Tables.Frame(handle.Index / 256).SlabCacheId) == Caches[cache].Id;
        if (!isIts || seen != LifetimeWord.Rented(handle.Generation))
            return base.TryReturn(cache, handle);
        var ended = race == SlabRace.TwoReturnOneObject ? seen.Freed : new LifetimeWord(seen.Bits & ~LifetimeWord.Owned);
        Atomics.StoreRelease(ref word, ended.Bits);
        if (race == SlabRace.TwoReturnOneObject)
        {
            Destroyed(handle, cache);
            Caches[cache].Store.Give([handle.Index]);
            return true;
        }

        // Without an owner now; the last put would end it, so one is made.
        if (Lifetime.TryGet(ref word, handle.Generation) == GetOutcome.Got)
            Caches[cache].Put(handle.Index, handle.Generation);
        return true;
    }
}
