using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Pages;

/// <summary>A page allocator with one bug, to show that <see cref="PagesModel"/> notices.</summary>
internal sealed class FaultyPages(PageAllocator pages, PageBug bug) : PageSubject(pages)
{
    private FrameNumber? _kept;
    private FrameNumber? _lastAllocated;
    private int _allocations;

    public override bool TryAllocate(int order, FrameUses use, out FrameNumber frame)
    {
        if (bug == PageBug.HandsOutAFreedFrameAgain && order == 0 && _kept is { } kept)
        {
            frame = kept;
            _kept = null;
            return true;
        }

        if (bug == PageBug.RefusesTheLastFrames && Pages.AllocatedFrames + (1 << order) > Pages.CapacityFrames - 2)
        {
            frame = FrameNumber.None;
            return false;
        }

        var found = base.TryAllocate(order, use, out frame);
        if (!found)
            return false;
        _lastAllocated = frame;
        if (bug == PageBug.SkipsAThirdAllocationsMark && ++_allocations == 3)
            Pages.Frames.Frame(frame.Value).State = FrameState.Cached;
        return true;
    }

    public override bool TryAllocateExact(int frameCount, FrameUses use, out FrameNumber frame) =>
        bug == PageBug.KeepsTheSurplusOfAnExactBlock
            ? Pages.TryAllocate(PageOrder.ForBytes((long)frameCount << PageOrder.FrameShift).Value, use, out frame)
            : base.TryAllocateExact(frameCount, use, out frame);

    public override void Free(FrameNumber frame, int order)
    {
        if (bug == PageBug.ForgetsAFree && order == 1)
            return;
        if (order == 0)
            _kept = frame;
        base.Free(frame, order);
        if (bug == PageBug.TakesDirtyMemoryForZero)
            Pages.Frames.Frame(frame.Value).Content = FrameContent.Zero;
    }

    public override void Trim()
    {
        base.Trim();
        if (bug == PageBug.DiscardsMemoryInUse && _lastAllocated is { } frame)
            Pages.Arena.TryDiscard(frame, 1, givesUpHuge: true, out _);
    }
}
