using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;

namespace FolioRuntime.Folios;

/// <content>What a page cache does with folios that others may not.</content>
public sealed partial class FolioAllocator
{
    /// <summary>
    /// As <see cref="TryAllocate"/>, of frames that aren't zeroed, and with several references: the caller overwrites all of it before anybody else sees it. For more than one frame nothing is reclaimed: the caller does
    /// with less.
    /// </summary>
    internal bool TryAllocateToFill(PageOrder order, uint references, out FolioReference folio)
    {
        folio = default;
        if (!TryTakeAndPrepare(order, zero: false, out var number, reclaims: order.Value == 0))
            return false;
        PrepareTails(number, order);
        folio = new FolioReference(this, new FolioHandle(number, Lifetime.PublishReferenced(ref _frames.Frame(number).Word, _generations, references)));
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>
    /// Ends a frozen folio and begins the next life of its frames at once, as if they had gone through the allocator: freed as <see cref="FreeFrozen"/> does, and published as
    /// <see cref="TryAllocateToFill"/> does. False: its generations are spent; it is still frozen.   [cache-… scenarios]
    /// </summary>
    internal bool TryReviveFrozen(FolioHandle handle, uint references, out FolioReference folio)
    {
        folio = default;
        if (handle.Generation == _generations.Last)
            return false;
        RequireFrozen(handle);
        ref var frame = ref _frames.Frame(handle.Frame);
        Invariant.Require(frame.PageType == NoType, "a folio with a destructor isn't replaced in its frames: that would not be run");
        Lifetime.FreeFrozen(ref frame.Word, handle.Generation);
        Prepare(ref frame, FolioFlags.None);
        PrepareTails(handle.Frame, new PageOrder(frame.Order));
        folio = new FolioReference(this, new FolioHandle(handle.Frame, Lifetime.PublishReferenced(ref frame.Word, _generations, references)));
        GC.KeepAlive(this);
        return true;
    }

    /// <summary>
    /// As <see cref="Read"/>, of one page of a folio in a page cache, by a handle that this runtime has issued and a range within the page. Validated by the folio's generation and the page's sequence. False: for any
    /// reason; what was copied then means nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadPage(FolioHandle handle, long index, int offsetBytes, Span<byte> copy)
    {
        if (!TryBeginPageRead(handle, index, out var page, out var sequence))
            return false;
        ContentCopy.Copy(PartOfFrame(page, offsetBytes, copy.Length), copy);
        return EndPageRead(handle, page, sequence);
    }

    /// <summary>As <see cref="TryReadPage(FolioHandle, long, int, Span{byte})"/>, of so few bytes that they stay in registers until they are validated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadPage(FolioHandle handle, long index, int offsetBytes, int lengthBytes, out ShortContent content)
    {
        content = default;
        if (!TryBeginPageRead(handle, index, out var page, out var sequence))
            return false;
        content = ShortContent.Load(PartOfFrame(page, offsetBytes, lengthBytes));
        return EndPageRead(handle, page, sequence);
    }

    /// <summary>The frame of a page of a file, in the folio that has it: a folio begins at a multiple of its size, in the file as in memory. The caller has a reference, or has frozen it.</summary>
    internal uint FrameOfPage(FolioHandle handle, long index) => FramePage(handle.Frame, _frames.Frame(handle.Frame).Order, index);

    /// <summary>One frame of a folio on which the caller has a reference.</summary>
    internal Span<byte> BytesOfFrame(uint frame) => Memory(frame, new PageOrder(0));

    /// <summary>Whether the folio can be got at this moment: not freed, not frozen. The handle is one of this runtime's.</summary>
    internal bool IsAlive(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        GC.KeepAlive(this);
        return word.IsLiveAt(handle.Generation);
    }

    /// <summary>Counted references at this moment, those of gets that are about to fail included. For tests.</summary>
    internal uint ReferencesOf(FolioHandle handle)
    {
        var word = Lifetime.Load(ref _frames.Frame(handle.Frame).Word);
        GC.KeepAlive(this);
        return word.Generation == handle.Generation ? word.References : 0;
    }

    /// <summary>Flags that belong to one frame of a folio in a page cache.</summary>
    internal ref uint FlagsOfFrame(uint frame) => ref _frames.Frame(frame).Flags;

    /// <summary>The content sequence that belongs to one frame of a folio in a page cache.</summary>
    internal ref uint SequenceOfFrame(uint frame) => ref _frames.Frame(frame).Sequence;

    /// <summary>The number that a page cache has given the folio. The caller has a reference, or knows that the frame isn't freed.</summary>
    internal ref uint CachePageOf(FolioHandle handle) => ref _frames.Frame(handle.Frame).CachePage;

    /// <summary>What stands where a page cache notes its number, for a frame of any use. Any value, from any frame.</summary>
    [Glance("The frame may be anybody's; the caller checks what the number leads to.")]
    internal uint CachePageIn(uint frame)
    {
        var page = frame < _frames.CommittedFrames ? _frames.Frame(frame).CachePage : uint.MaxValue;
        GC.KeepAlive(this);
        return page;
    }

    /// <summary>Which frame the page lies in, and its content sequence. False: the folio isn't alive in this generation, or the page is being changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryBeginPageRead(FolioHandle handle, long index, out uint page, out uint sequence)
    {
        ref var head = ref _frames.Frame(handle.Frame);
        page = handle.Frame;

        // A branch, and not one way for all orders: that it is 0 is foreseen, so no load of what follows waits for the order's.
        var order = GlanceAtOrder(ref head);
        if (order == 0)
            return Lifetime.TryBeginRead(ref head.Word, ref head.Sequence, handle.Generation, out sequence);
        sequence = 0;
        page = FramePage(handle.Frame, order, index);

        // The order may have been another block's; then the generation isn't the handle's.
        return page < _frames.CommittedFrames && Lifetime.TryBeginRead(ref head.Word, ref _frames.Frame(page).Sequence, handle.Generation, out sequence);
    }

    /// <summary>Whose content it is that was read since <see cref="TryBeginPageRead"/>. Nothing of it may be looked at before this says true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool EndPageRead(FolioHandle handle, uint page, uint sequence)
    {
        var isValid = Lifetime.EndRead(ref _frames.Frame(handle.Frame).Word, ref _frames.Frame(page).Sequence, handle.Generation, sequence);
        GC.KeepAlive(this);
        return isValid;
    }

    // SAFETY: the frame lies in committed data, which stays readable and mapped while this object is reachable.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe ReadOnlySpan<byte> PartOfFrame(uint frame, int offsetBytes, int lengthBytes) => new((void*)(_pages.Arena.Address(new FrameNumber(frame)) + offsetBytes), lengthBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FramePage(uint head, int order, long index) => head + ((uint)index & ((1u << order) - 1));

    [Glance("The order may be that of a block that was or will be there, all of it committed; the read is thrown away unless the folio's generation is validated afterwards.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GlanceAtOrder(ref PageFrame head) => head.Order;

    /// <summary>The other frames' flags and sequences, which a page cache uses as those of the pages in them. While the head's word is dead (L7).</summary>
    private void PrepareTails(uint head, PageOrder order)
    {
        for (var tail = 1; tail < order.FrameCount; tail++)
            PrepareContent(ref _frames.Frame(head + (uint)tail), FolioFlags.None);
    }
}
