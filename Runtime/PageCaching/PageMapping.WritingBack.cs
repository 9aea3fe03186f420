using FolioRuntime.Folios;
using FolioRuntime.PageCaching.Stores;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <content>
/// Writeback. Whoever does it has the latch for it (<see cref="_writeback"/>), which is held while the store writes; so do truncation and the mapping's end.
/// <code>
///   latch: up to 32 tags, dirty ─► writeback ─► each page: lock, flag off, copied, unlocked ─► neighbours in one write ─► an error: recorded ─► latch: tags off ─► references put
/// </code>
/// C7: what is written to a page while it is being written is written by a later pass, since the flag goes under the same lock as the copy is made.   [cache-write-against-writeback]
/// C8: a write to the store doesn't come after a truncation that cut it off, since both have the latch for writeback.   [cache-truncate-against-writeback]
/// </content>
public sealed partial class PageMapping
{
    /// <summary>Pages that are written in one go.</summary>
    internal const int PagesPerPass = 32;

    // Held across transfers of the store: not one for short work. Before all other latches.
    private readonly Latch _writeback = new();
    private readonly ErrorSequence _errors = new();
    private readonly PageOpener _opener;

    // Under the latch for writeback: the pages of a pass and their content, for which there is memory once it was needed; where the next one in the background begins.
    private readonly PassedPage[] _pass = new PassedPage[PagesPerPass];
    private Memory<byte> _copies;
    private long _nextToWrite;

    // Under the mapping's latch: pages that have the tag Dirty; and, where there are any, when the first of them became so or before, in units of the cache's clock. Linux: dirtied_when of an inode.
    private int _dirtyPages;
    private long _dirtySince;

    /// <summary>
    /// Returns when everything that was written before is on the store and durable. An error of any write to the store since the last call, also of one in the background, is told here, once; what it
    /// concerns isn't dirty any more, is read from the cache as long as it stays there, and is lost then. Write it again, or go by what the store has. Linux: <c>fsync</c>, <c>errseq_t</c>.
    /// </summary>
    /// <exception cref="IOException">Something may not have arrived. What, the inner exception says.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public void Flush() => _opener.Flush();

    /// <summary>As <see cref="Flush"/>, on a thread of the pool.</summary>
    /// <param name="cancellationToken">Gives up waiting; the flush goes on.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <inheritdoc cref="Flush" path="/exception"/>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _opener.FlushAsync(cancellationToken);

    /// <summary>Somebody else who wants to know of each error. An error that nobody has been told yet is told to him too.</summary>
    /// <exception cref="ObjectDisposedException">The mapping is disposed.</exception>
    public PageOpener AddOpener()
    {
        ObjectDisposedException.ThrowIf(Atomics.LoadAcquire(ref _length) < 0, this);
        return new PageOpener(this, _errors);
    }

    /// <summary>Writes what is dirty, then has the store make it durable. Errors are recorded.</summary>
    internal void FlushStore()
    {
        using (_writeback.Hold())
        {
            using (_latch.Hold())
                ObjectDisposedException.ThrowIf(_closed, this);
            WriteBackAllUnsynchronized();
            Record(static mapping => mapping._store.Flush());
        }
    }

    /// <summary>Writes some pages, from where the last call ended.</summary>
    /// <returns>How many it were, whether they arrived or not; but not those of a type that stay dirty.</returns>
    internal int WriteBack()
    {
        using (_writeback.Hold())
        {
            var done = WriteBackUnsynchronized(ref _nextToWrite, PagesPerPass);
            if (done > 0 || _nextToWrite == 0)
                return done;
            _nextToWrite = 0;
            return WriteBackUnsynchronized(ref _nextToWrite, PagesPerPass);
        }
    }

    /// <summary>Writes every page that is dirty when it is called.</summary>
    /// <returns>How many it were, whether they arrived or not.</returns>
    internal int WriteBackAll()
    {
        using (_writeback.Hold())
            return WriteBackAllUnsynchronized();
    }

    /// <summary>Since when a page has been dirty, or longer; null: none is.</summary>
    internal long? DirtySince
    {
        get
        {
            using (_latch.Hold())
                return _dirtyPages == 0 ? null : _dirtySince;
        }
    }

    /// <summary>Whether the calling thread has the latch for writeback.</summary>
    internal bool IsInWriteback => _writeback.IsHeld;

    private int WriteBackAllUnsynchronized()
    {
        var next = 0L;
        var flusher = _cache.Writeback.Flusher;
        if (!flusher.HasAges)
            return WriteBackUnsynchronized(ref next, long.MaxValue);
        var began = flusher.Now;
        var done = WriteBackUnsynchronized(ref next, long.MaxValue);

        // What is dirty now has become so since.
        using (_latch.Hold())
            _dirtySince = began;
        return done;
    }

    /// <exception cref="OutOfMemoryException">Of the collector's memory. Nothing has changed.</exception>
    private int WriteBackUnsynchronized(ref long next, long mostPages)
    {
        if (_copies.IsEmpty)
        {
            if (!IsAnyDirty())
                return 0;
            _copies = AlignedMemory.Allocate(PagesPerPass * PageBytes, PageBytes);
        }

        var done = 0;

        // Ends: goes up the file once; what becomes dirty behind it is for the next.
        while (done < mostPages && TakeDirty(ref next) is var count && count > 0)
        {
            for (var page = 0; page < count; page++)
                CopyOut(page);
            for (var page = 0; page < count;)
                page += WriteRun(page, count);
            done += EndPass(count);
        }

        if (done > 0 && _alignmentBytes > 1)
            Record(static mapping => mapping.TrimStore());
        return done;
    }

    private bool IsAnyDirty()
    {
        using (_latch.Hold())
            return _index.NextTaggedUnsynchronized(0, PageIndex.IndexLimit, PageTag.Dirty) >= 0;
    }

    /// <summary>What was written may end after the mapping does, where the store takes whole blocks only.</summary>
    private void TrimStore()
    {
        var lengthBytes = Atomics.LoadAcquire(ref _length);
        if (_store.LengthBytes > lengthBytes)
            _store.SetLength(lengthBytes);
    }

    /// <summary>Takes tags from dirty to writeback, and their references with them.</summary>
    private int TakeDirty(ref long next)
    {
        using (_latch.Hold())
        {
            var count = 0;
            while (!_closed && count < PagesPerPass && _index.NextTaggedUnsynchronized(next, PageIndex.IndexLimit, PageTag.Dirty) is var index && index >= 0)
            {
                ClearDirtyUnsynchronized(index);
                _index.SetTagUnsynchronized(index, PageTag.Writeback, isSet: true);
                _pass[count++] = new PassedPage(index, _index.Find(index));
                next = index + 1;
            }

            return count;
        }
    }

    private void ClearDirtyUnsynchronized(long index)
    {
        _index.SetTagUnsynchronized(index, PageTag.Dirty, isSet: false);
        _dirtyPages--;
    }

    /// <summary>One content of a page, from which the store is written. C7: who writes to the page from here on finds it clean.</summary>
    private void CopyOut(int page)
    {
        var (index, handle) = (_pass[page].Index, _pass[page].Handle);
        var content = new FolioPage(_folios, handle, index);
        if (_type is not null && !content.TryLock())
        {
            _pass[page].IsKept = true;
            return;
        }

        if (_type is null)
            content.Lock();
        content.SetFlags(FolioFlags.Writeback);
        content.ClearFlags(FolioFlags.Dirty);
        content.Bytes.CopyTo(_copies.Span[(page * PageBytes)..]);

        // Not shortened meanwhile; and while it was the end that this page has, it grows under this lock only.
        var lengthBytes = (int)Math.Clamp(Atomics.LoadAcquire(ref _length) - (index << PageShift), 0, PageBytes);
        content.Unlock();
        _pass[page].LengthBytes = (lengthBytes + _alignmentBytes - 1) & -_alignmentBytes;
    }

    /// <summary>Writes pages that follow each other.</summary>
    /// <returns>How many.</returns>
    private int WriteRun(int first, int count)
    {
        var end = first + 1;
        if (_pass[first].IsKept)
            return 1;
        while (_type is null && end < count && _pass[end].Index == _pass[end - 1].Index + 1)
            end++;
        var lengthBytes = ((end - first - 1) * PageBytes) + _pass[end - 1].LengthBytes;
        var isWritten = false;
        try
        {
            _store.Write(_copies.Span.Slice(first * PageBytes, lengthBytes), _pass[first].Index << PageShift);
            isWritten = true;
        }
#pragma warning disable CA1031 // Told to whoever flushes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // C9: before anybody can find that these pages aren't being written any more.
            _errors.Record(failure);
            _pass[first].IsKept = _type is not null;
        }

        CountWritten(isWritten ? end - first : 0, isWritten ? 0 : end - first);
        return end - first;
    }

    private void CountWritten(int written, int failed)
    {
        _cache.Writeback.Count(written, failed);
        _type?.CountCleans(written, failed);
    }

    /// <returns>How many pages aren't being written any more, and haven't become dirty by that.</returns>
    private int EndPass(int count)
    {
        var (kept, done) = (0, 0);
        for (var page = 0; page < count; page++)
            new FolioPage(_folios, _pass[page].Handle, _pass[page].Index).ClearFlags(FolioFlags.Writeback);
        using (_latch.Hold())
        {
            for (var page = 0; page < count; page++)
            {
                ref var passed = ref _pass[page];
                _index.SetTagUnsynchronized(passed.Index, PageTag.Writeback, isSet: false);
                done += passed.IsKept ? 0 : 1;
                if (passed.IsKept && TryKeepUnsynchronized(passed.Index, passed.Handle))
                {
                    passed = default;
                    kept++;
                }
            }
        }

        for (var page = 0; page < count; page++)
        {
            if (_pass[page].Handle.IsValid)
                _folios.Put(_pass[page].Handle);
        }

        _cache.Writeback.Remove(count - kept);
        _cache.Writeback.Flusher.TellProgress();
        return done;
    }

    private void Record(Action<PageMapping> action)
    {
        try
        {
            action(this);
        }
#pragma warning disable CA1031 // Told to whoever flushes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _errors.Record(failure);
        }
    }
}
