using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// A file, or whatever else a store stands for, opened in a page cache: its bytes are read and written through pages that stay in memory. Thread-safe, except where it says otherwise. It owns its store. Linux: <c>struct address_space</c>.
/// <code>
///   Read, ReadAsync   copies bytes out: small pieces by optimistic reads, which write nothing that is shared, large ones under a reference
///   TryGetFolio       the page itself, if it is there, with a counted reference
///   GetFolio          the same, read from the store first if need be
///   Write, WriteAsync copies bytes in; they are on the store later, at the latest after
///   Flush, FlushAsync
/// </code>
/// How a look-up, a fill, a write and a reclaim go is told in docs/PAGE_CACHE.md.
/// <para>
/// The latch: index and tags, fills, length, the end. Hits don't take it. Under it, only the latch of the <see cref="PageTable"/> is taken, and no code of others runs.
/// </para>
/// </summary>
public sealed partial class PageMapping : IDisposable
{
    private const int PageShift = PageOrder.FrameShift;
    private const int PageBytes = PageOrder.FrameBytes;

    private readonly PageCache _cache;
    private readonly PageTable _table;
    private readonly FolioAllocator _folios;
    private readonly AccessRings? _hits;
    private readonly IPageStore _store;
    private readonly int _alignmentBytes;
    private readonly BriefLatch _latch = new();
    private readonly PageIndex _index = new();

    // Stands for this mapping and no other in the policy's memory.
    private readonly ulong _key;

    // Under the latch. C4: a fill's mark stands in the index as long as the fill is in the list, in the place of its page.
    private readonly PageFillList _fills = new();
    private bool _closed;

    // Under the latch: nothing becomes dirty any more.
    private bool _closing;

    // Bytes, as readers see them. Writers: under the latch. Below zero: closed.
    private long _length;

    // Under the table's latch.
    private MappingPages _held = new();

    internal PageMapping(PageCache cache, PageTable table, FolioAllocator folios, AccessRings? hits, IPageStore store, long serial, PageType? type = null)
    {
        _cache = cache;
        _table = table;
        _folios = folios;
        _hits = hits;
        _store = store;
        _type = type;
        _key = (ulong)serial * 0x9E37_79B9_7F4A_7C15;
        _length = store.LengthBytes;
        _planner = cache.LongestWindow > 1 && type is null ? new ReadaheadPlanner(cache.LongestWindow, cache.LargestOrder) : null;
        _alignmentBytes = store.AlignmentBytes;
        _opener = new PageOpener(this, _errors);
        Number = table.AddMapping(this);
    }

    /// <summary>The cache that it is opened in.</summary>
    public PageCache Cache => _cache;

    /// <summary>How many bytes there are to read. What others do to the file behind the store's back isn't noticed.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public long LengthBytes
    {
        get
        {
            var length = Atomics.LoadAcquire(ref _length);
            ObjectDisposedException.ThrowIf(length < 0, this);
            return length;
        }
    }

    /// <summary>
    /// Most pages that it may have in the cache; 0, the default: as many as the cache has. One that has so many gives up a page of its own for another one, and reads beside the cache where all of them are held. When it
    /// is lowered, pages go until there are so many, except those that are held. A few more may come in where several are being filled at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below zero.</exception>
    public int QuotaPages
    {
        get => _table.HeldBy(this).Quota;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _table.SetQuota(this, value);
        }
    }

    /// <summary>How many pages of it the cache holds, those that are being filled included.</summary>
    public int PagesInUse => _table.HeldBy(this).Count;

    /// <summary>As readers see it; below zero: closed.</summary>
    internal long LengthOrClosed => Atomics.LoadAcquire(ref _length);

    /// <summary>Its pages in the table. Under the table's latch.</summary>
    internal ref MappingPages Held => ref _held;

    /// <summary>Its number in the table.</summary>
    internal int Number { get; }

    /// <summary>What a policy knows a page of this mapping by.</summary>
    internal ulong KeyOf(long index) => _key + (ulong)index;

    /// <summary>
    /// Closes it: writes what is dirty, drops its pages, of which those that somebody holds a reference on stay until that is disposed, and disposes the store, after the reads of it that are under way. Reads
    /// that wait for one of these, and whatever comes later, throw <see cref="ObjectDisposedException"/>. Idempotent.
    /// <para>
    /// What is written here isn't durable yet, and an error in it is counted (<see cref="PageCacheStatistics.WritesFailed"/>) but told to nobody, as by <c>close</c>: whoever needs to know calls <see cref="Flush"/> before.
    /// </para>
    /// </summary>
    public void Dispose()
    {
        List<DroppedPage> gone = [];
        var isLast = false;
        using (_writeback.Hold())
        {
            using (_latch.Hold())
                _closing = true;
            WriteBackAllUnsynchronized();
            using (_latch.Hold())
            {
                if (!_closed)
                {
                    _closed = true;
                    Atomics.StoreRelease(ref _length, -1);
                    TakeOutUnsynchronized(0, PageIndex.IndexLimit, gone, withDirty: true);
                    isLast = _fills.Count == 0;
                }
            }
        }

        Drop(gone);
        if (isLast)
            End();
    }

    /// <summary>The folio that the index has for a page.</summary>
    internal FolioHandle Find(long index) => _index.Find(index);

    /// <summary>Pages in the index. For when nothing is under way.</summary>
    internal int CountCached()
    {
        var count = 0;
        for (var index = _index.NextUnsynchronized(0, PageIndex.IndexLimit); index >= 0; index = _index.NextUnsynchronized(index + 1, PageIndex.IndexLimit))
            count += _index.Find(index).IsValid ? 1 : 0;
        return count;
    }

    /// <summary>Closed, and nobody reads: called once.</summary>
    private void End()
    {
        _table.RemoveMapping(Number);
        try
        {
            _store.Dispose();
        }
        finally
        {
            _type?.Release();
        }
    }

    /// <summary>As <see cref="End"/>, after the last fill of a mapping that somebody else disposed meanwhile. Throws nothing: the fill has ended, and would be ended again.</summary>
    private void EndAfterFill()
    {
        try
        {
            End();
        }
#pragma warning disable CA1031 // Whoever happens to read last is not to blame for the store: the exception is reported.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _folios.ReportThrown(_store.ToString() ?? "", exception);
        }
    }
}
