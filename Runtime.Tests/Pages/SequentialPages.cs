using FolioRuntime.Tests.Properties;

namespace FolioRuntime.Tests.Pages;

/// <summary>
/// What a page allocator may answer, one call after another: a bit for each frame taken. A block that is handed out was free; memory is refused only
/// when no aligned block is free, or while another thread's call is under way, which may have single frames in its hands for a moment
/// (a batch between the buddy and its list).
/// </summary>
internal sealed class SequentialPages(int frames) : ISequentialModel<ulong, PageCall, uint?>
{
    public ulong Initial => 0;

    public int StepsOf(HistoryCall<PageCall, uint?> call) => 1;

    public bool TryStep(ulong state, HistoryCall<PageCall, uint?> call, int number, int step, bool isAlone, out ulong next)
    {
        var order = call.Call.Order;
        next = state;
        switch (call.Call.Kind)
        {
            case PageCallKind.Allocate when call.Result is { } frame:
                next = state | MaskOf(frame, order);
                return frame % (1u << order) == 0 && frame + (1u << order) <= frames && (state & MaskOf(frame, order)) == 0;
            case PageCallKind.Allocate:
                return !isAlone || !Enumerable.Range(0, frames >> order).Any(i => (state & MaskOf((uint)i << order, order)) == 0);
            case PageCallKind.Free:
                next = state & ~MaskOf(call.Call.Frame, order);
                return true;
            default:
                return true;
        }
    }

    private static ulong MaskOf(uint frame, int order) => ((1ul << (1 << order)) - 1) << (int)frame;
}
