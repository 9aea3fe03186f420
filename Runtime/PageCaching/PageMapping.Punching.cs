using FolioRuntime.Folios;
using FolioRuntime.PageCaching.Stores;

namespace FolioRuntime.PageCaching;

/// <content>
/// Ranges that become zeros.
/// <code>
///   latch for writeback ─► the store: zeros ─► latch: whole pages off the index, fills doomed ─► pages that are there in part: zeroed, under the content sequence
/// </code>
/// The store comes first: what is filled from then on is zeros, and what was filled before is found in the index, or doomed (C4).   [PageHoleTests, cache-punch-against-fill]
/// </content>
public sealed partial class PageMapping
{
    /// <summary>
    /// Has a range read as zeros, in the store too. Reads that begin afterwards see no byte of what was there; those under way may, and optimistic ones find out. Whole pages are dropped, also dirty ones, of which nothing is
    /// written any more; of others the part is zeroed in place. The length stays. The store is written, as it has no holes of its own. Linux: <c>fallocate</c> with <c>FALLOC_FL_PUNCH_HOLE</c>,
    /// <c>truncate_pagecache_range</c>.
    /// </summary>
    /// <param name="offsetBytes">Where it begins.</param>
    /// <param name="lengthBytes">How long it is; what lies beyond the end is left out.</param>
    /// <exception cref="IOException">The store can't. Some of the range may be zeros then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of them is below zero.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public void PunchHole(long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        List<DroppedPage> gone = [];
        using (_writeback.Hold())
        {
            var length = LengthBytes;
            var end = lengthBytes > length - offsetBytes ? length : offsetBytes + lengthBytes;
            if (offsetBytes >= end)
                return;
            ZeroStore(offsetBytes, end);
            DropWhole(offsetBytes, end, length, gone, out var front, out var back);
            ZeroPart(front, offsetBytes, Math.Min(end, (offsetBytes & -PageBytes) + PageBytes));
            ZeroPart(back, Math.Max(offsetBytes, (end - 1) & -PageBytes), end);
        }

        Drop(gone);
    }

    /// <summary>Writes zeros to the store, whose blocks may be longer than the range. Under the latch for writeback.</summary>
    private void ZeroStore(long from, long end)
    {
        if (_copies.IsEmpty)
            _copies = AlignedMemory.Allocate(PagesPerPass * PageBytes, PageBytes);
        for (var begin = from & -_alignmentBytes; begin < end;)
        {
            var lengthBytes = (int)Math.Min(_copies.Length, ((end + _alignmentBytes - 1) & -_alignmentBytes) - begin);
            var bytes = _copies.Span[..lengthBytes];
            if (begin < from || begin + lengthBytes > end)
                bytes[_store.Read(bytes, begin)..].Clear();
            bytes[(int)Math.Max(0, from - begin)..(int)Math.Min(lengthBytes, end - begin)].Clear();
            _store.Write(bytes, begin);
            begin += lengthBytes;
        }

        if (_alignmentBytes > 1)
            TrimStore();
    }

    /// <summary>
    /// Takes pages out of which nothing stays, and dooms the fills of these and of those of which a part does; the latter, if they are there, are held for the caller. The last page is whole if the range goes to the end.
    /// </summary>
    private void DropWhole(long from, long end, long length, List<DroppedPage> gone, out FolioReference front, out FolioReference back)
    {
        var (first, beyond) = ((from + PageBytes - 1) >> PageShift, (end == length ? end + PageBytes - 1 : end) >> PageShift);
        var (frontIndex, backIndex) = (from >> PageShift, (end - 1) >> PageShift);
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            DoomUnsynchronized(frontIndex, backIndex + 1);
            TakeOutUnsynchronized(first, beyond, gone, withDirty: true);
            front = frontIndex < first ? HoldUnsynchronized(frontIndex) : default;
            back = backIndex >= beyond && (backIndex > frontIndex || frontIndex == first) ? HoldUnsynchronized(backIndex) : default;
        }
    }

    private FolioReference HoldUnsynchronized(long index)
    {
        var handle = _index.Find(index);
        return handle.IsValid && _folios.IsAlive(handle) && _folios.TryGet(handle, out var folio) ? folio : default;
    }

    /// <summary>Zeroes a part of a page, if it was there. Who has filled it since has seen the store's zeros.</summary>
    private void ZeroPart(FolioReference folio, long from, long end)
    {
        if (!folio.IsValid)
            return;
        var page = new FolioPage(_folios, folio.Handle, from >> PageShift);
        page.Lock();
        using (page.BeginWrite())
            page.Bytes.Slice((int)from & (PageBytes - 1), (int)(end - from)).Clear();
        page.Unlock();
        folio.Dispose();
    }
}
