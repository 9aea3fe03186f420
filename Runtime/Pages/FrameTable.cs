using System.Runtime.CompilerServices;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// What the runtime knows of each frame, in native memory beside the data: page frames, slab headers, slot bitmaps and slot
/// words (<see cref="FrameTableLayout"/>). Reserved whole, committed area by area with the data, then never
/// unmapped or used for anything else: a handle of any age leads here and nowhere else, so it can be judged at any time. The page frames keep
/// their content for ever; the other entries of free frames may be discarded to zeros.
/// The region is freed by its own finalizer; whoever resolves handles holds this object, and keeps it alive past its last
/// use of an address. Linux: the <c>mem_map</c>.
/// </summary>
internal sealed unsafe partial class FrameTable
{
    private readonly FrameTableLayout _layout;
    private readonly MemoryRegion _region;

    // Writer: CommitThrough, under the page allocator's latch, after the memory is there. Readers: any thread that got an index from outside.
    private uint _committedFrames;
    private uint _slotLimit;

    public FrameTable(IVirtualMemory memory, FrameTableLayout layout)
    {
        _layout = layout;
        _region = memory.Reserve(layout.TotalBytes, layout.PageBytes);
        FramesBase = _region.Base;
        SlabHeadersBase = _region.Base + (nint)layout.SlabHeadersOffset;
        SlotBitmapsBase = _region.Base + (nint)layout.SlotBitmapsOffset;
        SlotWordsBase = _region.Base + (nint)layout.SlotWordsOffset;
        SlotShift = layout.SlotShift;
    }

    public nint FramesBase { get; }

    public nint SlabHeadersBase { get; }

    public nint SlotBitmapsBase { get; }

    public nint SlotWordsBase { get; }

    /// <summary>Log2 of the slots per frame.</summary>
    public int SlotShift { get; }

    public uint FrameCount => _layout.FrameCount;

    public long ReservedBytes => _region.SizeBytes;

    /// <summary>Frames whose tables may be touched: every number below this, for ever. Only grows.</summary>
    public uint CommittedFrames
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Atomics.LoadAcquire(ref _committedFrames);
    }

    /// <summary>Slot words that may be touched: every index below this.</summary>
    public uint SlotLimit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Atomics.LoadAcquire(ref _slotLimit);
    }

    /// <summary>A frame's entry. The caller knows that the number is below <see cref="CommittedFrames"/> and keeps this object alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref PageFrame Frame(uint number)
    {
        Invariant.Check(number < CommittedFrames, "a frame number is checked before its entry is touched");

        // SAFETY: the entry lies in the committed part of the region, which is mapped while this object is reachable.
        return ref ((PageFrame*)FramesBase)[number];
    }

    /// <summary>A slot's lifetime word. The caller knows that the index is below <see cref="SlotLimit"/> and keeps this object alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong SlotWord(uint slotIndex)
    {
        Invariant.Check(slotIndex < SlotLimit, "a slot index is checked before its word is touched");

        // SAFETY: as for Frame.
        return ref ((ulong*)SlotWordsBase)[slotIndex];
    }

    public nint SlabHeaderAddress(uint frame) => SlabHeadersBase + ((nint)frame * FrameTableLayout.SlabHeaderBytes);

    /// <summary>The bits of a frame's slots; those of the next frame follow without a gap.</summary>
    public nint SlotBitmapAddress(uint frame) => SlotBitmapsBase + ((nint)frame << (SlotShift - 3));

    /// <summary>
    /// Commits the entries of more frames. Not visible before <see cref="PublishUnsynchronized"/>. Committing again what is committed
    /// changes nothing, so a failure half-way leaves nothing that a later try, failing or not, could trip over.
    /// </summary>
    /// <exception cref="VirtualMemoryException">The system refused one of the tables.</exception>
    public void CommitUnsynchronized(uint first, uint count)
    {
        long tableOffset = 0;
        foreach (var bytesPerFrame in _layout.BytesPerFrame)
        {
            var (offset, length) = _layout.PagesAround((long)first * bytesPerFrame, (long)count * bytesPerFrame);
            _region.Commit(tableOffset + offset, length);
            tableOffset += _layout.PagesAround(0, (long)FrameCount * bytesPerFrame).LengthBytes;
        }
    }

    /// <summary>Lets indices below the new limit in. The release pairs with the acquire in <see cref="CommittedFrames"/>: who sees the limit sees the memory.</summary>
    public void PublishUnsynchronized(uint committedFrames)
    {
        Invariant.Require(committedFrames >= _committedFrames && committedFrames <= FrameCount, "committed frames only grow, within the reservation");
        Atomics.StoreRelease(ref _committedFrames, committedFrames);
        Atomics.StoreRelease(ref _slotLimit, committedFrames << SlotShift);
    }

    /// <summary>Frees the region at once. Only for a table that nobody has seen yet.</summary>
    public void Abandon() => _region.Dispose();
}
