using System.Collections;
using FolioRuntime.Platform;
using FolioRuntime.Primitives;

namespace FolioRuntime.Pages;

/// <summary>
/// The memory of one runtime: one reservation of data and the frame table that goes with it, committed area by area as it
/// is needed.
/// <code>
///   data:  | area 0 | area 1 | ... | committed up to here, then reserved ............. |
///            2^MaxOrder frames each, naturally aligned, so buddies pair up in addresses too
/// </code>
/// Owns the data region, which like the table's is freed by its finalizer: addresses stay mapped while anyone can reach
/// them. All methods but the addresses need the page allocator's latch.
/// </summary>
internal sealed class PageArena
{
    /// <summary>A reservation that the system refuses is halved, but not below this; then the error stands.</summary>
    public const long SmallestReservationBytes = 16L << 20;

    /// <summary>The unit that is given back when huge pages are in use: discarding less would split a transparent one, and can't be done to an explicit one.</summary>
    public const int HugePageOrder = 9;

    private readonly FrameTableLayout _layout;
    private readonly MemoryRegion _data;
    private readonly bool _excludeFromDump;
    private readonly BitArray _hugeAreas;

    /// <param name="memory">Where data comes from.</param>
    /// <param name="tableMemory">Where the frame table comes from: native memory, whatever the data's backing.</param>
    /// <param name="options">Sizes.</param>
    /// <exception cref="VirtualMemoryException">The system refused even the smallest reservation. Nothing is held.</exception>
    public PageArena(IVirtualMemory memory, IVirtualMemory tableMemory, PageArenaOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxOrder, PageOrder.Largest);
        MaxOrder = options.MaxOrder;
        HugePages = options.HugePages;
        _excludeFromDump = options.ExcludeFromDump;
        (_layout, _data, Frames) = Reserve(memory, tableMemory, options);
        _hugeAreas = new BitArray(HugePages == HugePageMode.Explicit ? (int)(Frames.FrameCount >> MaxOrder) + 1 : 0);
        DataBase = _data.Base;
        var discardBytes = Math.Max(HugePages != HugePageMode.Off ? PageOrder.FrameBytes << HugePageOrder : PageOrder.FrameBytes, _layout.PageBytes);
        DiscardOrder = PageOrder.ForBytes(discardBytes).Value;
    }

    public FrameTable Frames { get; }

    /// <summary>Address of frame 0.</summary>
    public nint DataBase { get; }

    public int MaxOrder { get; }

    public HugePageMode HugePages { get; }

    /// <summary>Areas made of explicit huge pages.</summary>
    public long HugeAreas { get; private set; }

    /// <summary>Areas, or parts of one, that should have been and are not.</summary>
    public long HugeAreasRefused { get; private set; }

    /// <summary>Order of the smallest block whose memory can be given back.</summary>
    public int DiscardOrder { get; }

    public long ReservedBytes => _data.SizeBytes;

    public bool DiscardGivesBack => _data.DiscardGivesBack;

    /// <summary>The unit of commit, discard and access.</summary>
    public int PageBytes => _layout.PageBytes;

    /// <summary>Whether blocks lie in a managed array.</summary>
    public bool HasArray => _data.HasArray;

    /// <summary>Why the last commit failed, if one did since the last that succeeded.</summary>
    public VirtualMemoryException? LastCommitFailure { get; private set; }

    public nint Address(FrameNumber frame) => DataBase + ((nint)frame.Value << PageOrder.FrameShift);

    /// <summary>The part of the managed array behind a range of bytes, if <see cref="HasArray"/>.</summary>
    public bool TryGetArray(FrameNumber frame, int lengthBytes, out ArraySegment<byte> segment) =>
        _data.TryGetArray((long)frame.Value << PageOrder.FrameShift, lengthBytes, out segment);

    /// <summary>The part of the managed array behind a range of bytes that starts at an address, if <see cref="HasArray"/>.</summary>
    public bool TryGetArrayAt(nint address, int lengthBytes, out ArraySegment<byte> segment) =>
        _data.TryGetArray(address - DataBase, lengthBytes, out segment);

    /// <summary>
    /// Commits data and tables up to the next area's end, or less where the limit or the reservation ends, and lets frame
    /// numbers up to there in. False: nothing left below the limit, or the system refused, and then
    /// <see cref="LastCommitFailure"/> tells; nothing has changed and trying again is allowed.
    /// </summary>
    /// <param name="limitFrames">Committed frames may not exceed this.</param>
    /// <param name="first">The first new frame.</param>
    /// <param name="count">How many are new; they hold zeros.</param>
    public bool TryCommitNextArea(long limitFrames, out uint first, out uint count)
    {
        first = Frames.CommittedFrames;
        count = 0;
        var areaEnd = (((long)first >> MaxOrder) + 1) << MaxOrder;
        var end = Math.Min(Math.Min(areaEnd, limitFrames), Frames.FrameCount);
        if (end <= first)
            return false;
        try
        {
            var (offset, length) = _layout.PagesAround((long)first << PageOrder.FrameShift, (end - first) << PageOrder.FrameShift);
            CommitData(offset, length);
            Frames.CommitUnsynchronized(first, (uint)(end - first));
        }
        catch (VirtualMemoryException failure)
        {
            LastCommitFailure = failure;
            return false;
        }

        LastCommitFailure = null;
        count = (uint)(end - first);
        Frames.PublishUnsynchronized((uint)end);
        return true;
    }

    /// <summary>Has the memory of frames just committed, which nobody has touched, come from a node. A wish: nothing is said where the system doesn't listen.</summary>
    public void PreferNode(uint first, uint count, int systemNode)
    {
        var (offset, length) = _layout.PagesWithin((long)first << PageOrder.FrameShift, (long)count << PageOrder.FrameShift);
        _data.PreferNode(offset, length, systemNode);
    }

    /// <summary>The whole pages of the system within a range of a block's bytes.</summary>
    public (FrameNumber First, long FrameCount) PagesWithin(FrameNumber block, long startBytes, long endBytes)
    {
        var (offset, length) = _layout.PagesWithin(((long)block.Value << PageOrder.FrameShift) + startBytes, endBytes - startBytes);
        return (new FrameNumber((uint)(offset >> PageOrder.FrameShift)), length >> PageOrder.FrameShift);
    }

    /// <summary>
    /// Gives back the memory of a range of frames that is whole pages of the system; addresses stay readable. False: a part
    /// page, a backing that can't, or the system refused: count the memory as still there, with any content.
    /// </summary>
    /// <param name="first">The first frame of a block.</param>
    /// <param name="frameCount">The block's frames.</param>
    /// <param name="givesUpHuge">Whether explicit huge pages go too; the area has ordinary ones then.</param>
    /// <param name="content">What the frames hold afterwards.</param>
    public bool TryDiscard(FrameNumber first, long frameCount, bool givesUpHuge, out FrameContent content)
    {
        content = FrameContent.Written;
        var (offset, length) = _layout.PagesWithin((long)first.Value << PageOrder.FrameShift, frameCount << PageOrder.FrameShift);
        if (length != frameCount << PageOrder.FrameShift || !DiscardGivesBack)
            return false;
        var isHuge = _hugeAreas.Length != 0 && _hugeAreas[(int)(first.Value >> MaxOrder)];
        if (isHuge && !givesUpHuge)
            return false;
        try
        {
            if (isHuge)
                return TryReplaceHuge(offset, length, out content);
            content = _data.Discard(offset, length) ? FrameContent.Zero : FrameContent.Discarded;
            return true;
        }
        catch (VirtualMemoryException)
        {
            // Giving memory back is a courtesy to the system, so its refusal is not the caller's failure.
            return false;
        }
    }

    /// <summary>
    /// Makes committed frames that are whole pages of the system fault when touched, or makes them usable again, with their content. The caller owns them.
    /// False: the backing can't, or the system refused; then any part of them may have either access.
    /// </summary>
    public bool TrySetAccess(FrameNumber first, int frameCount, bool allowed)
    {
        try
        {
            return _data.SetAccess((long)first.Value << PageOrder.FrameShift, (long)frameCount << PageOrder.FrameShift, allowed);
        }
        catch (VirtualMemoryException)
        {
            return false;
        }
    }

    /// <summary>Gives back all data memory, part pages included. For an arena in which nothing is allocated or will be.</summary>
    public void DiscardAll()
    {
        for (var area = 0; area < _hugeAreas.Length; area++)
        {
            if (_hugeAreas[area])
                TryDiscard(new FrameNumber((uint)area << MaxOrder), 1L << MaxOrder, givesUpHuge: true, out _);
            _hugeAreas[area] = false;
        }

        var (offset, length) = _layout.PagesAround(0, (long)Frames.CommittedFrames << PageOrder.FrameShift);
        try
        {
            _data.Discard(offset, length);
        }
        catch (VirtualMemoryException)
        {
            // As for TryDiscard; the memory goes when the region does.
        }
    }

    private void CommitData(long offset, long length)
    {
        if (HugePages == HugePageMode.Explicit && _data.TryCommitHuge(offset, length))
        {
            HugeAreas++;
            _hugeAreas[(int)(offset >> (MaxOrder + PageOrder.FrameShift))] = true;
            Exclude(_data, offset, length, _excludeFromDump);
            return;
        }

        HugeAreasRefused += HugePages == HugePageMode.Explicit ? 1 : 0;
        _data.Commit(offset, length);
    }

    private bool TryReplaceHuge(long offset, long length, out FrameContent content)
    {
        content = FrameContent.Written;
        if (!_data.TryReplaceHuge(offset, length))
            return false;
        content = FrameContent.Zero;
        Exclude(_data, offset, length, _excludeFromDump);
        _data.AdviseHugePages(offset, length);
        return true;
    }

    private static (FrameTableLayout Layout, MemoryRegion Data, FrameTable Frames) Reserve(
        IVirtualMemory memory, IVirtualMemory tableMemory, PageArenaOptions options)
    {
        var areaBytes = (long)PageOrder.FrameBytes << options.MaxOrder;
        var alignment = options.HugePages != HugePageMode.Off ? Math.Max(areaBytes, PageOrder.FrameBytes << HugePageOrder) : areaBytes;
        var pageBytes = Math.Max(memory.PageBytes, tableMemory.PageBytes);

        // Ends: the size halves each time.
        for (var bytes = options.ReservationBytes; ; bytes /= 2)
        {
            var layout = new FrameTableLayout(bytes, pageBytes);
            try
            {
                return ReserveOnce(memory, tableMemory, layout, alignment, options);
            }
            catch (VirtualMemoryException) when (bytes / 2 >= SmallestReservationBytes)
            {
            }
        }
    }

    private static (FrameTableLayout Layout, MemoryRegion Data, FrameTable Frames) ReserveOnce(
        IVirtualMemory memory, IVirtualMemory tableMemory, FrameTableLayout layout, long alignment, PageArenaOptions options)
    {
        var data = memory.Reserve(layout.DataBytes, alignment);
        FrameTable? frames = null;
        try
        {
            frames = new FrameTable(tableMemory, layout);
            Exclude(data, 0, data.SizeBytes, options.ExcludeFromDump);
            if (options.HugePages != HugePageMode.Off)
                data.AdviseHugePages(0, data.SizeBytes);
            return (layout, data, frames);
        }
        catch
        {
            frames?.Abandon();
            data.Dispose();
            throw;
        }
    }

    private static void Exclude(MemoryRegion data, long offset, long length, bool fromDump)
    {
        data.ExcludeFromFork(offset, length);
        if (fromDump)
            data.ExcludeFromDump(offset, length);
    }
}
