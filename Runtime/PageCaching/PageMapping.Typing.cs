using FolioRuntime.Folios;

namespace FolioRuntime.PageCaching;

/// <content>
/// Where the pages are those of a <see cref="PageType"/>, and no file's: constructed instead of read, changed in place by who holds them, and cleaned instead of written.
/// <code>
///   a fill:    room in the table ─► constructed ─► type and key into the frame's record ─► latch: into the index
///   its end:   off the index, references fall to none, or frozen by a reclaim ─► generation ended ─► destructor of the type in the record
///   a change:  page's lock ─► dirty, as by a write ─► content sequence odd … even ─► unlocked
/// </code>
/// C10: whoever is given a page of a type is given that page, constructed and not destroyed; a page that was constructed is destroyed once, by its own type's destructor, when it can be got by nobody.   [cache-type-…]
/// C11: a page that is dirty is given up only after it was cleaned; where that fails, or the page is just being changed, it stays dirty, and its reference with it.   [cache-type-clean-…]
/// Writeback waits for nobody who changes a page of a type, since that is code of others, which may hold several and want room for more.
/// </content>
public sealed partial class PageMapping
{
    private readonly PageType? _type;

    /// <summary>Whose pages they are; null: a file's.</summary>
    internal PageType? Type => _type;

    internal bool IsClosed => LengthOrClosed < 0;

    /// <summary>Pages that have the tag Dirty now.</summary>
    internal int DirtyPages
    {
        get
        {
            using (_latch.Hold())
                return _dirtyPages;
        }
    }

    /// <summary>As <see cref="GetFolio"/>, of a page that is in the cache in any case.</summary>
    internal FolioReference GetOrConstruct(long key)
    {
        // Ends: as WritePart.
        var tries = 0;
        var wait = default(SpinWait);
        while (true)
        {
            if (TryGetFolio(key, out var folio))
                return folio;
            switch (Join(key, out var fill, toWrite: true))
            {
                case FillRole.LookAgain:
                    Primitives.Atomics.SpinOnce(ref wait);
                    break;
                case FillRole.Wait:
                    fill!.Ended.GetAwaiter().GetResult();
                    break;
                default:
                    if (Construct(fill!, out folio, out var hadRoom))
                        return folio;
                    if (hadRoom)
                        break;

                    // All pages are held. Those that are dirty needn't be.
                    if (++tries == MostTries)
                        throw _cache.AllHeld();
                    _cache.Writeback.WriteAll();
                    break;
            }
        }
    }

    /// <summary>Constructs a page that is the caller's to construct, and puts it into the cache. C4, as <see cref="FillPage"/>; but there is nothing beside the cache, which would be another page with the same key.</summary>
    /// <param name="fill">What <see cref="Join"/> gave the caller.</param>
    /// <param name="folio">The page, with a reference for the caller; the default on failure.</param>
    /// <param name="hadRoom">False: every page of the cache is held, and nothing was constructed.</param>
    /// <returns>False: it was dropped meanwhile, or there was no room.</returns>
    internal bool Construct(PageFill fill, out FolioReference folio, out bool hadRoom)
    {
        var page = PageCache.NoPage;
        folio = default;
        try
        {
            page = _cache.TakeRoom(this, fill.Index, out folio);
            hadRoom = page != PageCache.NoPage;
            if (hadRoom)
            {
                _store.Read(folio.Bytes, fill.Index << PageShift);
                _type!.Constructed(folio.Handle, fill.Index);
                return Finish(fill, page, ref folio);
            }
        }
        catch (Exception failure)
        {
            Fail(fill, page, folio, failure);
            throw;
        }

        Fail(fill, page, folio, failure: null);
        folio = default;
        return false;
    }

    /// <summary>Drops a page, whoever holds it. C8: nothing of it is cleaned afterwards.</summary>
    internal bool DropPage(long key)
    {
        if (!_type!.Cleans)
            return DropPageUnsynchronized(key);
        using (_writeback.Hold())
            return DropPageUnsynchronized(key);
    }

    /// <summary>Begins a change of a page that the caller holds.</summary>
    /// <param name="folio">The caller's reference.</param>
    /// <param name="key">Which page it is.</param>
    /// <param name="own">Another reference, until <see cref="EndChange"/>.</param>
    /// <returns>False: it isn't in the cache any more.</returns>
    internal bool TryBeginChange(FolioReference folio, long key, out FolioReference own)
    {
        own = default;
        if (_type!.Cleans && IsTooMuch(key))
            _cache.Writeback.Relieve(this);
        var page = new FolioPage(_folios, folio.Handle, key);
        page.Lock();
        var isBegun = false;
        try
        {
            isBegun = _index.Find(key) == folio.Handle && !IsClosed
                && (!_type.Cleans || (page.Flags & FolioFlags.Dirty) != 0 || TryMakeDirty(folio, page, key))
                && _folios.TryGet(folio.Handle, out own);
            return isBegun;
        }
        finally
        {
            if (isBegun)
                page.BeginWrite();
            else
                page.Unlock();
        }
    }

    /// <summary>Ends a change; the reference is the caller's to dispose afterwards.</summary>
    internal void EndChange(FolioReference own, long key)
    {
        var page = new FolioPage(_folios, own.Handle, key);
        new FolioContentWrite(_folios, own.Handle.Frame).Dispose();
        page.Unlock();
    }

    private bool DropPageUnsynchronized(long key)
    {
        List<DroppedPage> gone = [];
        using (_latch.Hold())
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            TakeOutUnsynchronized(key, key + 1, gone, withDirty: true);
        }

        Drop(gone);
        return gone.Count > 0;
    }

    /// <summary>C11: a page of a pass that wasn't cleaned is dirty again, by the same reference. False: it is already, by another one. Nobody drops it while the latch for writeback is held.</summary>
    private bool TryKeepUnsynchronized(long index, FolioHandle handle)
    {
        if (_index.HasTagUnsynchronized(index, PageTag.Dirty))
            return false;
        _index.SetTagUnsynchronized(index, PageTag.Dirty, isSet: true);
        new FolioPage(_folios, handle, index).SetFlags(FolioFlags.Dirty);
        _dirtyPages++;
        return true;
    }
}
