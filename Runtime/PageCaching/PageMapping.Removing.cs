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
    /// What was written to a part that is cut off is never written to the store. It waits for pages that are being written. Linux: <c>truncate_setsize</c>.
    /// </summary>
    /// <param name="lengthBytes">The new length, up to 64 TiB.</param>
    /// <exception cref="IOException">The store can't. The mapping is as before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below zero or above 64 TiB.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public void Truncate(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, PageIndex.IndexLimit << PageShift);
        List<DroppedPage> gone = [];
        using (_writeback.Hold())
        {
            using (_latch.Hold())
                ObjectDisposedException.ThrowIf(_closed, this);
            _store.SetLength(lengthBytes);
            CutOff(lengthBytes, gone);
        }

        Drop(gone);
    }

    /// <summary>
    /// Drops what the cache holds of a range, for a store that was changed behind its back: reads that begin afterwards read it anew. Whole pages are dropped, also where the range has only a part of one.
    /// Pages that are dirty or being written stay: they are newer than the store.
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
        List<DroppedPage> gone = [];
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            TakeOutUnsynchronized(offsetBytes >> PageShift, (last >> PageShift) + 1, gone, withDirty: false);
        }

        Drop(gone);
    }

    /// <summary>Takes a victim off the index, which whoever froze it then frees (C2). Something else may be there by now: somebody found the frozen page, took it for gone and filled it anew.</summary>
    internal void RemoveVictim(Victim victim)
    {
        for (var page = 0; page < 1 << victim.Order; page++)
            _index.Remove(victim.Index + page, victim.Handle);
    }

    /// <summary>The page that is cut through is locked meanwhile, if it is there, so that whoever writes to it does so before or after.</summary>
    private void CutOff(long lengthBytes, List<DroppedPage> gone)
    {
        var (last, within) = (lengthBytes >> PageShift, (int)lengthBytes & (PageBytes - 1));

        // Ends: each turn but the last, that page has come or gone.
        while (true)
        {
            var folio = default(FolioReference);
            var page = default(FolioPage);
            if (within != 0 && TryGetFolio(last, out folio))
                page = ZeroTail(folio, last, within);
            try
            {
                if (TryCutOff(lengthBytes, within != 0, folio.IsValid ? folio.Handle : default, gone))
                    return;
            }
            finally
            {
                if (folio.IsValid)
                    page.Unlock();
                folio.Dispose();
            }
        }
    }

    /// <summary>Shortens the mapping, or has it grow, unless the page that is cut through isn't the one that the caller has locked.</summary>
    private bool TryCutOff(long lengthBytes, bool cutsThrough, FolioHandle locked, List<DroppedPage> gone)
    {
        using (_latch.Hold())
        {
            var (last, found) = (lengthBytes >> PageShift, _index.Find(lengthBytes >> PageShift));
            if (cutsThrough && found != locked && found.IsValid && _folios.IsAlive(found))
                return false;
            var isShorter = lengthBytes < _length;
            Atomics.StoreRelease(ref _length, lengthBytes);
            if (isShorter)
            {
                TakeOutUnsynchronized(cutsThrough ? last + 1 : last, PageIndex.IndexLimit, gone, withDirty: true);
                DoomUnsynchronized(last, PageIndex.IndexLimit);
            }

            return true;
        }
    }

    /// <summary>Takes pages off the index, and dooms fills, from an index on and before another. The references on the pages that the cache has are the caller's then (C2).</summary>
    private void TakeOutUnsynchronized(long first, long end, List<DroppedPage> gone, bool withDirty)
    {
        DoomUnsynchronized(first, end);
        for (var index = _index.NextUnsynchronized(first, end); index >= 0; index = _index.NextUnsynchronized(index + 1, end))
        {
            var handle = _index.Find(index);
            var isDirty = _index.HasTagUnsynchronized(index, PageTag.Dirty);
            if (!withDirty && (isDirty || _index.HasTagUnsynchronized(index, PageTag.Writeback)))
                continue;
            if (!handle.IsValid || !_table.TryClaim(handle, out var page))
                continue;
            _index.SetUnsynchronized(index, default);
            if (isDirty)
                ClearDirtyUnsynchronized(index);
            gone.Add(new DroppedPage(handle, page, isDirty));
        }
    }

    private void DoomUnsynchronized(long first, long end)
    {
        foreach (var fill in _fills.All)
            fill.IsDoomed |= fill.Index >= first && fill.Index < end;
    }

    private void Drop(List<DroppedPage> gone)
    {
        foreach (var (handle, page, isDirty) in gone)
        {
            if (isDirty)
            {
                _cache.Writeback.Remove(1);
                _folios.Put(handle);
            }

            if (page == PageCache.NoPage)
                continue;
            _folios.Put(handle);
            _table.Release(page);
        }
    }

    /// <summary>Locks the last page and has the rest of it read as zeros if the mapping grows again. Optimistic readers find out (C5).</summary>
    private FolioPage ZeroTail(FolioReference folio, long index, int within)
    {
        var page = new FolioPage(_folios, folio.Handle, index);
        page.Lock();
        using (page.BeginWrite())
            page.Bytes[within..].Clear();
        return page;
    }
}
