using System.Runtime.CompilerServices;
using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Misses. Of all who miss a page one reads it, into a folio that nobody else can reach, and puts it into the index when it is complete; the others wait and look again.
/// <code>
///   latch: there after all? ─ no ─► somebody reads it? ─ no ─► list a fill ─► room in the table ─► store ─► latch: take the fill off the list, page into the index
///                                        └ yes ─► wait for the fill's end ─► look again
/// </code>
/// C1: a page is in the index only when it is complete. C4: one fill of a page at a time.   [cache-… scenarios]
/// </content>
public sealed partial class PageMapping
{
    private bool ReadMissing(long index, int within, Span<byte> destination)
    {
        var wait = default(SpinWait);

        // Ends: the page is found, read or refused, or others have made progress: each turn ends another fill, or the taking out of a page.
        while (true)
        {
            switch (Join(index, out var fill))
            {
                case FillRole.AtEnd:
                    return false;
                case FillRole.LookAgain:
                    Atomics.SpinOnce(ref wait);
                    break;
                case FillRole.Wait:
                    fill!.Ended.GetAwaiter().GetResult();
                    if (TryCopyContent(fill, within, destination))
                        return true;
                    break;
                default:
                    if (FillPage(fill!, out var folio))
                    {
                        CopyOut(folio, index, within, destination);
                        folio.Dispose();
                        return true;
                    }

                    break;
            }

            if (TryReadCached(index, within, destination))
                return true;
        }
    }

    /// <summary>Copies from a page that was just filled. Others may write to it by now: what is short enough to be read without a reference is one content here too (C5).</summary>
    private void CopyOut(FolioReference folio, long index, int within, Span<byte> destination)
    {
        if (destination.Length > LongestOptimisticBytes)
        {
            folio.Bytes.Slice(within, destination.Length).CopyTo(destination);
            return;
        }

        // Ends: who writes to the page waits for nothing meanwhile, and the reference keeps it.
        for (var wait = default(SpinWait); !_folios.TryReadPage(folio.Handle, index, within, destination);)
            Atomics.SpinOnce(ref wait);
    }

    private bool TryGetMissing(long index, out FolioReference folio)
    {
        var wait = default(SpinWait);

        // Ends: as in ReadMissing.
        do
        {
            switch (Join(index, out var fill))
            {
                case FillRole.AtEnd:
                    folio = default;
                    return false;
                case FillRole.LookAgain:
                    Atomics.SpinOnce(ref wait);
                    break;
                case FillRole.Wait:
                    fill!.Ended.GetAwaiter().GetResult();
                    break;
                default:
                    if (FillPage(fill!, out folio))
                        return true;
                    break;
            }
        }
        while (!TryGetFolio(index, out folio));
        return true;
    }

    /// <summary>Finds out what somebody is to do who hasn't found a page. Where he is going to write there is no end.</summary>
    internal FillRole Join(long index, out PageFill? fill, bool toWrite = false)
    {
        List<PageFill> ahead;
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            fill = null;
            if (!toWrite && index >= (_length + PageBytes - 1) >> PageShift)
                return FillRole.AtEnd;

            // A page that is frozen is on its way out for good, and as good as gone.
            var handle = _index.Find(index);
            if (handle.IsValid && _folios.IsAlive(handle))
                return FillRole.LookAgain;
            fill = _fills.Find(handle);
            if (fill is { IsAhead: true })
            {
                fill.IsAhead = false;
                return FillRole.Read;
            }

            if (fill is not null)
            {
                fill.ExpectWaiterUnsynchronized();
                return FillRole.Wait;
            }

            _index.ReserveUnsynchronized(index);
            fill = _fills.Add(index);
            _index.SetUnsynchronized(index, fill.Mark);
            if (_planner is null || toWrite)
                return FillRole.Read;
            var window = _planner.Missed(index, Advice);
            if (window.Count == 0)
                return FillRole.Read;
            ahead = ListAheadUnsynchronized(window);
        }

        StartAhead(ahead);
        return FillRole.Read;
    }

    /// <summary>Reads a page that is the caller's to read, and puts it into the cache.</summary>
    /// <param name="fill">What <see cref="Join"/> gave the caller.</param>
    /// <param name="folio">The page, with a reference for the caller; the default if it was read in vain, and nothing may be seen of it.</param>
    internal bool FillPage(PageFill fill, out FolioReference folio)
    {
        var page = PageCache.NoPage;
        folio = default;
        try
        {
            page = _cache.TakeRoom(this, fill.Index, out folio);
            ReadWhole(folio.Bytes, fill.Index);
        }
        catch (Exception failure)
        {
            Fail(fill, page, folio, failure);
            throw;
        }

        return TryFinishAlone(fill, page, folio) || FinishOrFail(fill, page, ref folio);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FinishOrFail(PageFill fill, int page, ref FolioReference folio)
    {
        try
        {
            return Finish([fill], page, ref folio);
        }
        catch (Exception failure)
        {
            Fail(fill, page, folio, failure);
            throw;
        }
    }

    /// <summary>Reads a page from the store; what it has no bytes for is zeros.</summary>
    // Not in line: it would keep what comes before and after it from being so.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadWhole(Span<byte> bytes, long index)
    {
        var read = _store.Read(bytes, index << PageShift);
        if (read != bytes.Length)
            bytes[read..].Clear();
    }

    /// <summary>Ends a fill that has read its page, as <see cref="Finish(ReadOnlySpan{PageFill}, int, ref FolioReference)"/>.</summary>
    private bool Finish(PageFill fill, int page, ref FolioReference folio) => Finish([fill], page, ref folio);

    /// <summary>Ends a fill as most end: the page is in the cache, and nobody else knows of the fill. Its mark gives way to the page at once. Throws nothing. False: it is otherwise, and nothing has changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFinishAlone(PageFill fill, int page, FolioReference folio)
    {
        if (page == PageCache.NoPage)
            return false;
        using (_latch.Hold())
        {
            if (fill.IsShared || !IsGoodUnsynchronized(fill))
                return false;
            Publish(folio.Handle, fill.Index);
            _fills.Remove(fill);
            return true;
        }
    }

    /// <summary>
    /// Ends the fills of all pages of a folio, which were read. The caller has both references, and nobody else can reach the folio; afterwards it has one, or none if it was in vain: if all pages are doomed. What it throws
    /// it throws first, and nothing has changed.
    /// </summary>
    private bool Finish(scoped ReadOnlySpan<PageFill> fills, int page, ref FolioReference folio)
    {
        var good = 0;
        var isShared = false;
        bool isLast;
        using (_latch.Hold())
        {
            foreach (var fill in fills)
                good += IsGoodUnsynchronized(fill) ? 1 : 0;
            if (good > 0 && page == PageCache.NoPage && fills[0].HasWaiters)
                fills[0].Content = folio.Bytes.ToArray();
            if (good == 0)
                Withdraw(page, folio);
            else if (good < fills.Length)
                _table.WithdrawPages(page, fills.Length - good);
            foreach (var fill in fills)
            {
                isShared |= Unlist(fill);
                if (page != PageCache.NoPage && IsGoodUnsynchronized(fill))
                    Publish(folio.Handle, fill.Index);
            }

            isLast = _closed && _fills.Count == 0;
        }

        if (page == PageCache.NoPage && good > 0)
            _cache.FillsNotCached();
        if (good < fills.Length)
            _cache.FillsDiscarded(fills.Length - good);
        if (good == 0)
        {
            GiveBack(page, folio);
            folio = default;
        }
        else if (page == PageCache.NoPage)
        {
            // The reference that would be the cache's.
            folio.Dispose();
        }

        if (isShared)
        {
            foreach (var fill in fills)
                fill.End(failure: null);
        }

        if (isLast)
            EndAfterFill();
        return good > 0;
    }

    private bool IsGoodUnsynchronized(PageFill fill) => !fill.IsDoomed && !_closed;

    /// <summary>Takes a fill off the list, and its mark off the index, where nothing else can have taken its place.</summary>
    /// <returns>Whether somebody is to be told of its end. If not, the fill may be another page's as soon as the latch is given back.</returns>
    private bool Unlist(PageFill fill)
    {
        _index.SetUnsynchronized(fill.Index, default);
        _fills.Remove(fill);
        return fill.IsShared;
    }

    /// <summary>From here on the page can be found. L7, C1: its content, written before, is released with the word of the index.</summary>
    private void Publish(FolioHandle handle, long index)
    {
        Atomics.StoreRelease(ref _folios.FlagsOfFrame(_folios.FrameOfPage(handle, index)), (uint)FolioFlags.UpToDate);
        _index.SetUnsynchronized(index, handle);
    }

    /// <summary>Ends a fill that failed: nothing of it stays, and all who wait fail likewise; null: they look again.</summary>
    private void Fail(PageFill fill, int page, FolioReference folio, Exception? failure)
    {
        bool isLast;
        bool isShared;
        using (_latch.Hold())
        {
            Withdraw(page, folio);
            isShared = Unlist(fill);
            isLast = _closed && _fills.Count == 0;
        }

        _cache.FillFailed();
        GiveBack(page, folio);
        if (isShared)
            fill.End(failure);
        if (isLast)
            EndAfterFill();
    }

    /// <summary>
    /// A page that was filled in vain is the mapping's no more. Before its fill goes off the list: with the last one of a closed mapping its number in the table is free for another (C4), whose page it would be.
    /// A number that was never taken is <see cref="PageCache.NoPage"/>.   [cache-dispose-between-fills]
    /// </summary>
    private void Withdraw(int page, FolioReference folio)
    {
        if (page != PageCache.NoPage)
            _table.Withdraw(page, folio.Handle);
    }

    /// <summary>Nothing of a page that was withdrawn stays: both references and the number. A folio that was never taken is the default.</summary>
    private void GiveBack(int page, FolioReference folio)
    {
        for (var reference = 0; reference < PageCache.ReferencesToFill; reference++)
            folio.Dispose();
        if (page != PageCache.NoPage)
            _table.Release(page);
    }

    /// <summary>Takes what was read for all from a fill whose page found no room in the cache.</summary>
    private static bool TryCopyContent(PageFill fill, int within, Span<byte> destination)
    {
        if (fill.Content is not { } content)
            return false;
        content.AsSpan(within, destination.Length).CopyTo(destination);
        return true;
    }
}
