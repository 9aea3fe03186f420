using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Pages that leave: victims of reclaim, and ranges that are truncated or invalidated.
/// <code>
///   victim:   table: freeze, reserve ─► off the index, if it is still there ─► free ─► number released
///   dropped:  latch: table: reserve, off the index ─► the cache's reference put ─► number released
/// </code>
/// </content>
public sealed partial class PageMapping
{
    /// <summary>
    /// Cuts the store off at a length, or has it grow by zeros. Reads that begin afterwards see the new length, and no byte of what was cut off, also when it grows again; those under way may.
    /// Not to be called by two at a time. Linux: <c>truncate_setsize</c>.
    /// </summary>
    /// <param name="lengthBytes">The new length, up to 64 TiB.</param>
    /// <exception cref="IOException">The store can't. The mapping is as before.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is at it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below zero or above 64 TiB.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public void Truncate(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, PageIndex.IndexLimit << PageShift);
        var before = LengthBytes;
        if (Atomics.Exchange(ref _truncating, 1) != 0)
            throw new InvalidOperationException("The mapping is being truncated by somebody else.");
        try
        {
            _store.SetLength(lengthBytes);
            CutOff(lengthBytes);
            if (lengthBytes < before && (lengthBytes & (PageBytes - 1)) != 0)
                ZeroTail(lengthBytes);
        }
        finally
        {
            Atomics.StoreRelease(ref _truncating, 0);
        }
    }

    /// <summary>
    /// Drops what the cache holds of a range, for a store that was changed behind its back: reads that begin afterwards read it anew. Whole pages are dropped, also where the range has only a part of one.
    /// Linux: <c>invalidate_inode_pages2_range</c>.
    /// </summary>
    /// <param name="offsetBytes">Where it begins.</param>
    /// <param name="lengthBytes">How long it is; up to the end and beyond.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is below zero.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public void Invalidate(long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        if (lengthBytes == 0)
            return;
        var last = lengthBytes > long.MaxValue - offsetBytes ? long.MaxValue : offsetBytes + lengthBytes - 1;
        List<(FolioHandle Handle, int Page)> gone = [];
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            TakeOutUnsynchronized(offsetBytes >> PageShift, (last >> PageShift) + 1, gone);
        }

        Drop(gone);
    }

    /// <summary>Takes a victim off the index, which whoever froze it then frees (C2). Something else may be there by now: somebody found the frozen page, took it for gone and filled it anew.</summary>
    internal void RemoveVictim(long index, FolioHandle handle) => _index.Remove(index, handle);

    private void CutOff(long lengthBytes)
    {
        List<(FolioHandle Handle, int Page)> gone = [];
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var isShorter = lengthBytes < _length;
            Atomics.StoreRelease(ref _length, lengthBytes);
            if (isShorter)
            {
                TakeOutUnsynchronized((lengthBytes + PageBytes - 1) >> PageShift, PageIndex.IndexLimit, gone);
                DoomUnsynchronized(lengthBytes >> PageShift, PageIndex.IndexLimit);
            }
        }

        Drop(gone);
    }

    /// <summary>Takes pages off the index, and dooms fills, from an index on and before another. The cache's references on the pages are the caller's then (C2).</summary>
    private void TakeOutUnsynchronized(long first, long end, List<(FolioHandle Handle, int Page)> gone)
    {
        DoomUnsynchronized(first, end);
        for (var index = _index.NextUnsynchronized(first, end); index >= 0; index = _index.NextUnsynchronized(index + 1, end))
        {
            var handle = _index.Find(index);
            if (!handle.IsValid || !_table.TryClaim(handle, out var page))
                continue;
            _index.SetUnsynchronized(index, default);
            gone.Add((handle, page));
        }
    }

    private void DoomUnsynchronized(long first, long end)
    {
        foreach (var fill in _fills.All)
            fill.IsDoomed |= fill.Index >= first && fill.Index < end;
    }

    private void Drop(List<(FolioHandle Handle, int Page)> gone)
    {
        foreach (var (handle, page) in gone)
        {
            _folios.Put(handle);
            _table.Release(page);
        }
    }

    /// <summary>The rest of the last page reads as zeros if the mapping grows again. Optimistic readers find out (C5).</summary>
    private void ZeroTail(long lengthBytes)
    {
        if (!TryGetFolio(lengthBytes >> PageShift, out var folio))
            return;

        // Ends: who has the lock of a folio changes a page's content, and waits for nothing.
        for (var wait = default(SpinWait); !folio.TryLock();)
            Atomics.SpinOnce(ref wait);
        using (folio.BeginWrite())
            folio.Bytes[((int)lengthBytes & (PageBytes - 1))..].Clear();
        folio.Unlock();
        folio.Dispose();
    }
}
