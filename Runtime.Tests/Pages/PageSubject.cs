using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Tests.Pages;

/// <summary>What <see cref="PagesModel"/> calls: the page allocator itself, unless a test plants a bug by overriding a call.</summary>
internal class PageSubject(PageAllocator pages)
{
    public PageAllocator Pages { get; } = pages;

    public virtual bool TryAllocate(int order, FrameUses use, out FrameNumber frame) => Pages.TryAllocate(order, use, out frame);

    public virtual bool TryAllocateExact(int frameCount, FrameUses use, out FrameNumber frame) => Pages.TryAllocateExact(frameCount, use, out frame);

    public virtual void Free(FrameNumber frame, int order) => Pages.Free(frame, order);

    public virtual void FreeExact(FrameNumber frame, int frameCount) => Pages.FreeExact(frame, frameCount);

    public virtual void Trim() => Pages.Trim();
}
