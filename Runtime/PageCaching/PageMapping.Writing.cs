using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Writes, into pages in the cache, which are dirty from then on.
/// <code>
///   page's lock ─► dirty already? ─ no ─► latch: still in the index? tag, reference, flag ─► content, under its sequence ─► longer? latch: the length ─► unlocked
/// </code>
/// C6: a page that is dirty, or being written, has a reference for that: so it is nobody's victim.   [PageCacheWriteTests, cache-reclaim-against-dirty]
/// Under the page's lock the flag Dirty is there if and only if the page's content as it is then will be written: it has the tag, or a pass has taken that and is yet to come for the content.
/// </content>
public sealed partial class PageMapping
{
    /// <summary>How often a page is tried to be brought in to be written to, where all others are held.</summary>
    private const int MostTries = 3;

    /// <summary>
    /// Copies bytes in: into pages of the cache, which are written to the store later, in the background or by <see cref="Flush"/>. A page that is written only in part is read first. Beyond the end the mapping
    /// grows; what lies in between is zeros. Readers of up to 512 bytes within a page see the content before or after; of pages, one may be written before the other. Linux: <c>generic_perform_write</c>.
    /// </summary>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="source">Where from.</param>
    /// <exception cref="IOException">The store can't read a page that is written in part. Pages before it are written.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for a page, or every page of the cache is held. Pages before it are written.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is below zero, or the end above 64 TiB.</exception>
    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        RequireWritable(offsetBytes, source.Length);
        for (var done = 0; done < source.Length;)
        {
            var (index, within, lengthBytes) = PartOf(offsetBytes + done, source.Length - done);
            WritePart(index, within, source.Slice(done, lengthBytes));
            done += lengthBytes;
        }
    }

    private void RequireWritable(long offsetBytes, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes, (PageIndex.IndexLimit << PageShift) - lengthBytes);
        ObjectDisposedException.ThrowIf(Atomics.LoadAcquire(ref _length) < 0, this);
    }

    private static (long Index, int Within, int LengthBytes) PartOf(long position, int lengthBytes)
    {
        var within = (int)position & (PageBytes - 1);
        return (position >> PageShift, within, Math.Min(PageBytes - within, lengthBytes));
    }

    private void WritePart(long index, int within, ReadOnlySpan<byte> source)
    {
        // Ends: it is written or refused, or others have made progress: as in ReadMissing; and where every page is held it is tried a few times only.
        var tries = 0;
        var wait = default(SpinWait);
        while (true)
        {
            if (IsTooMuch(index))
                _cache.Writeback.Relieve(this);
            var isCached = true;
            if (!TryGetFolio(index, out var folio) && !TryGetMissingToWrite(index, source, ref wait, out folio, out isCached))
                continue;
            if (TryWriteAndDispose(folio, index, within, source, isCached))
                return;
            if (isCached)
                continue;

            // All pages are held. Those that are dirty needn't be.
            if (++tries == MostTries)
                throw _cache.AllHeld();
            _cache.Writeback.WriteAll();
        }
    }

    /// <summary>Whether somebody who writes to a page is to write others to their store first. Not if it is dirty already, as far as can be seen: if that is wrong, one more is dirty, or a few were written too soon.</summary>
    private bool IsTooMuch(long index) =>
        _cache.Writeback.IsAtLimit && (_index.Find(index) is var handle && (!handle.IsValid || (Atomics.LoadAcquire(ref _folios.FlagsOf(handle)) & (uint)FolioFlags.Dirty) == 0));

    private bool TryWriteAndDispose(FolioReference folio, long index, int within, ReadOnlySpan<byte> source, bool isCached = true)
    {
        try
        {
            return isCached && TryWriteInto(folio, index, within, source);
        }
        finally
        {
            folio.Dispose();
        }
    }

    /// <summary>Writes into a page that the caller holds.</summary>
    /// <returns>False: it isn't in the cache any more, and nothing is lost by looking again.</returns>
    private bool TryWriteInto(FolioReference folio, long index, int within, ReadOnlySpan<byte> source)
    {
        var page = new FolioPage(_folios, folio.Handle, index);
        page.Lock();
        try
        {
            if ((page.Flags & FolioFlags.Dirty) == 0 && !TryMakeDirty(folio, page, index))
                return false;
            using (page.BeginWrite())
                ContentCopy.Write(source, page.Bytes.Slice(within, source.Length));
            var end = (index << PageShift) + within + source.Length;
            return end <= Atomics.LoadAcquire(ref _length) || TryGrow(folio, index, end);
        }
        finally
        {
            page.Unlock();
        }
    }

    /// <summary>Brings in a page that isn't there, or finds out that somebody else does.</summary>
    /// <param name="index">Which page.</param>
    /// <param name="source">What is going to be written to it: if that is all of it, nothing is read, and nobody sees it without.</param>
    /// <param name="wait">Of the caller's loop.</param>
    /// <param name="folio">The page, with a reference for the caller.</param>
    /// <param name="isCached">Whether it is in the cache; otherwise every page is held, and nothing may be written to it.</param>
    /// <returns>False: look again.</returns>
    private bool TryGetMissingToWrite(long index, ReadOnlySpan<byte> source, scoped ref SpinWait wait, out FolioReference folio, out bool isCached)
    {
        folio = default;
        isCached = true;
        switch (Join(index, out var fill, toWrite: true))
        {
            case FillRole.LookAgain:
                Atomics.SpinOnce(ref wait);
                return false;
            case FillRole.Wait:
                // Whether that fails is the matter of whoever reads.
                fill!.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
                return false;
            default:
                return FillToWrite(fill!, source, out folio, out isCached);
        }
    }

    /// <summary>As <see cref="FillPage"/>, for a page that is going to be written.</summary>
    internal bool FillToWrite(PageFill fill, ReadOnlySpan<byte> source, out FolioReference folio, out bool isCached)
    {
        var page = PageCache.NoPage;
        folio = default;
        isCached = false;
        try
        {
            page = _cache.TakeRoom(this, fill.Index, out folio);
            isCached = page != PageCache.NoPage;
            if (isCached && source.Length == PageBytes)
                source.CopyTo(folio.Bytes);
            else
                ReadWhole(folio.Bytes, fill.Index);
            return Finish(fill, page, ref folio);
        }
        catch (Exception failure)
        {
            Fail(fill, page, folio, failure);
            throw;
        }
    }

    /// <summary>From here on the page is going to be written to the store. Under its lock.</summary>
    private bool TryMakeDirty(FolioReference folio, FolioPage page, long index)
    {
        var (isTimed, now) = (IsFirstDirty(), 0L);
        if (isTimed)
            now = _cache.Writeback.Flusher.Now;
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closing && _type is null, this);
            if (_closing || _index.Find(index) != folio.Handle)
                return false;

            // C11: it wasn't cleaned, and is dirty again.
            if (_index.HasTagUnsynchronized(index, PageTag.Dirty))
                return true;
            if (!_folios.TryGet(folio.Handle, out _))
                return false;

            // C6: the reference just taken belongs to the tag.
            _index.SetTagUnsynchronized(index, PageTag.Dirty, isSet: true);
            page.SetFlags(FolioFlags.Dirty);
            if (_dirtyPages++ == 0 && isTimed)
                _dirtySince = now;
        }

        _cache.Writeback.Add();
        return true;
    }

    /// <summary>Whether to look at the clock, which is done without the latch.</summary>
    [Glance("If it is wrong, the page counts as dirty since another was that isn't any more: it is written sooner than need be.")]
    private bool IsFirstDirty() => _cache.Writeback.Flusher.HasAges && _dirtyPages == 0;

    /// <summary>The mapping ends after what was written, unless the page was cut off meanwhile. Under the page's lock.</summary>
    private bool TryGrow(FolioReference folio, long index, long end)
    {
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            if (_index.Find(index) != folio.Handle)
                return false;
            if (end > _length)
                Atomics.StoreRelease(ref _length, end);
            return true;
        }
    }
}
