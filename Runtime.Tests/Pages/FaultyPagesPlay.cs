extern alias instrumented;

using instrumented::FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Pages;

/// <summary>A page allocator with one single frame kept in front of it, by steps that should be one: what races when nothing else does.</summary>
internal sealed class FaultyPagesPlay(PageRace race) : PagesPlay(listCapacity: 0)
{
    private uint _kept;
    private uint _place;

    protected override long FramesKept => _kept == 0 ? 0 : 1;

    protected override uint? Allocate(int order)
    {
        if (order == 0 && Atomics.LoadAcquire(ref _kept) is var kept and not 0)
        {
            if (race == PageRace.TwoTakeTheKeptFrame)
            {
                Atomics.Exchange(ref _place, 1);
                Atomics.StoreRelease(ref _kept, 0);
                return kept - 1;
            }

            if (Atomics.CompareExchange(ref _kept, 0, kept) == kept)
                return kept - 1;
        }

        return base.Allocate(order);
    }

    protected override void Free(uint frame, int order)
    {
        if (order == 0 && Atomics.LoadAcquire(ref _kept) == 0)
        {
            if (race == PageRace.AKeptFrameIsOverwritten)
            {
                Atomics.Exchange(ref _place, 1);
                Atomics.StoreRelease(ref _kept, frame + 1);
                return;
            }

            if (Atomics.CompareExchange(ref _kept, frame + 1, 0) == 0)
                return;
        }

        base.Free(frame, order);
    }
}
