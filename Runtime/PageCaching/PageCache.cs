using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Keeps pages of files, and of other stores, in folios of a runtime: up to a number of pages, of which a policy says which one goes when another needs room, and fewer when the runtime's memory is
/// short. Made by <see cref="PoolRuntime.CreatePageCache"/>. Thread-safe. Linux: <c>mm/filemap.c</c>, <c>mm/vmscan.c</c>.
/// <code>
///   PageCache ─ PageMapping ─ index ─► folio          a mapping for each open file; hits go this way only
///             ─ PageTable ─ pages by number, policy   a latch; misses and reclaim
/// </code>
/// How it works, and what it promises, is told in docs/PAGE_CACHE.md.
/// </summary>
public sealed class PageCache : IStatisticsSource<PageCacheStatistics>, IDisposable
{
    /// <summary>Stands for a page that is not in the cache.</summary>
    internal const int NoPage = -1;

    /// <summary>On a folio that is being filled: the cache's, and that of whoever fills it.</summary>
    internal const uint ReferencesToFill = 2;

    private const int MostReleasedAtOnce = 32;

    /// <summary>A window of readahead is at most this part of the cache, and twice as much is under way at once.</summary>
    private const int WindowsInCache = 16;
    private const int MostReadaheadPages = 1024;

    private static readonly TimeSpan s_shortestExpire = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestExpire = TimeSpan.FromDays(1);

    private readonly FolioAllocator _folios;
    private readonly AccessRings? _hits;
    private readonly ShrinkerRegistration _shrinker;
    private readonly Action<PageCache> _forget;
    private readonly StripedCounter _readAhead = new();
    private readonly StripedCounter _fillsFailed = new();
    private readonly StripedCounter _fillsNotCached = new();
    private readonly StripedCounter _fillsDiscarded = new();
    private long _lastSerial;

    // Pages that are listed to be read ahead and haven't ended. Writers: whoever lists them and whoever ends them.
    private long _underWayAhead;
    private uint _disposed;

    internal PageCache(FolioAllocator folios, ShrinkerList shrinkers, PageCacheOptions options, TimeProvider time, Action<PageCache> forget)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CapacityPages, 1);
        ArgumentNullException.ThrowIfNull(options.Policy);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ReadaheadPages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReadaheadPages, MostReadaheadPages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.LargestFolioOrder, (uint)PageCacheOptions.MostFolioOrder, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.DirtyPercent, 100u, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.DirtyBackgroundPercent, (uint)options.DirtyPercent, nameof(options));
        if (options.DirtyExpire != Timeout.InfiniteTimeSpan && (options.DirtyExpire < s_shortestExpire || options.DirtyExpire > s_longestExpire))
            throw new ArgumentOutOfRangeException(nameof(options), options.DirtyExpire, $"{nameof(PageCacheOptions.DirtyExpire)} must be from {s_shortestExpire} to {s_longestExpire}, or infinite.");
        _folios = folios;
        _forget = forget;
        _hits = options.TellHits ? new AccessRings() : null;
        var policy = options.Policy(options.CapacityPages) ?? throw new ArgumentException("The maker of policies made none.", nameof(options));
        Options = options;
        LongestWindow = Math.Min(options.ReadaheadPages, options.CapacityPages / WindowsInCache);
        LargestOrder = Math.Min(options.LargestFolioOrder, folios.MaxOrder.Value);
        Table = new PageTable(folios, policy, options.CapacityPages, _hits);
        Writeback = new Writeback(Table, options, time);
        _shrinker = shrinkers.Add(options.Name, new PageShrinker(this));
    }

    /// <summary>What it was made with.</summary>
    public PageCacheOptions Options { get; }

    /// <summary>Whether <see cref="Dispose"/> has begun.</summary>
    public bool IsDisposed => Atomics.LoadAcquire(ref _disposed) != 0;

    /// <summary>The counts as they stand.</summary>
    public PageCacheStatistics Statistics
    {
        get
        {
            var counts = Table.Counts;
            return new()
            {
                Name = Options.Name,
                CapacityPages = Table.CapacityPages,
                PagesInUse = Table.InUse,
                Fills = counts.Fills,
                LargeFolios = counts.LargeFolios,
                ReadAhead = _readAhead.Value,
                FillsFailed = _fillsFailed.Value,
                FillsNotCached = _fillsNotCached.Value,
                FillsDiscarded = _fillsDiscarded.Value,
                Reclaimed = counts.Reclaimed,
                VictimsKept = counts.VictimsKept,
                DirtyPages = Writeback.Dirty,
                PagesWritten = Writeback.Written,
                WritesFailed = Writeback.Failed,
                WrittenByAge = Writeback.Flusher.WrittenByAge,
                WrittenForMemory = Writeback.Flusher.WrittenForMemory,
                Types = [.. Table.Mappings().Select(static mapping => mapping.Type?.Statistics).OfType<PageTypeStatistics>()],
            };
        }
    }

    internal PageTable Table { get; }

    /// <summary>Most pages of a window of readahead.</summary>
    internal int LongestWindow { get; }

    /// <summary>Folios that are read ahead have at most 2^order pages.</summary>
    internal int LargestOrder { get; }

    internal Writeback Writeback { get; }

    PageCacheStatistics IStatisticsSource<PageCacheStatistics>.Statistics() => Statistics;

    /// <summary>Opens a store in the cache. Each call makes a mapping of its own, which knows nothing of others over the same file.</summary>
    /// <param name="store">What to read from. The mapping owns it from here on, also if this throws.</param>
    /// <returns>The mapping, owned by the caller; disposing the cache disposes it too.</returns>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    /// <exception cref="ArgumentException">The store wants an alignment that pages don't have, or is longer than 64 TiB.</exception>
    public PageMapping Open(IPageStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            if (store.AlignmentBytes is < 1 or > PageOrder.FrameBytes || store.LengthBytes > PageIndex.IndexLimit << PageOrder.FrameShift)
                throw new ArgumentException($"A store of {store.LengthBytes} bytes, aligned to {store.AlignmentBytes}, can't be cached by pages.", nameof(store));
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            var mapping = new PageMapping(this, Table, _folios, _hits, store, Atomics.Add(ref _lastSerial, 1));

            // The dispose may have looked before this one was there.
            if (IsDisposed)
                mapping.Dispose();
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return mapping;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Has the cache keep pages that aren't a file's, beside those that are: in the same capacity, ranked by the same policy, and given up for the same reasons.</summary>
    /// <param name="options">How they begin and end.</param>
    /// <returns>The type, owned by the caller; disposing the cache disposes it too.</returns>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    /// <exception cref="ArgumentException">The name or the constructor is missing.</exception>
    public PageType AddType(PageTypeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Name);
        ArgumentNullException.ThrowIfNull(options.Construct);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var added = new PageType(this, _folios, _hits, options, type => new PageMapping(this, Table, _folios, _hits, new PageTypeStore(options), Atomics.Add(ref _lastSerial, 1), type));

        // As in Open.
        if (IsDisposed)
            added.Dispose();
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return added;
    }

    /// <summary>Takes pages out that nobody holds, those that the policy gives up first.</summary>
    /// <param name="pages">How many, at most; but the last folio goes as a whole.</param>
    /// <returns>How many it were; their memory is the runtime's again.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below zero.</exception>
    public int Reclaim(int pages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pages);
        Span<int> released = stackalloc int[MostReleasedAtOnce];
        var done = 0;
        while (done < pages)
        {
            var count = 0;
            for (; count < released.Length && done < pages && Table.TryTakeVictim(out var victim); count++)
            {
                victim.Mapping.RemoveVictim(victim);
                _folios.FreeFrozen(victim.Handle);
                released[count] = victim.Page;
                done += 1 << victim.Order;
            }

            if (count == 0)
                break;
            Table.Release(released[..count]);
        }

        return done;
    }

    /// <summary>Disposes all mappings. References that are held stay good. Idempotent.</summary>
    public void Dispose()
    {
        if (Atomics.Exchange(ref _disposed, 1) != 0)
            return;
        Writeback.Flusher.Dispose();
        foreach (var mapping in Table.Mappings())
            mapping.Dispose();
        _shrinker.Dispose();
        _forget(this);
    }

    /// <summary>
    /// Room for a page that is to be filled: its number in the table, or <see cref="NoPage"/> if all pages are held, and a folio that nobody else can reach, with two references. One of them is the
    /// cache's from here on if there is a number. Where a page gives way, its folio begins its next life at once, so that the frame doesn't go through the allocator.
    /// </summary>
    /// <exception cref="OutOfMemoryException">There is no folio, after everything was reclaimed that could be. Nothing was taken.</exception>
    internal int TakeRoom(PageMapping mapping, long index, out FolioReference folio)
    {
        var page = Table.TakePlace(mapping, index, order: 0, out folio, out var worn);
        return folio.IsValid ? page : TakeRoomAnew(page, mapping, index, worn, out folio);
    }

    /// <summary>Gives a place that was taken a folio that no page has left.</summary>
    private int TakeRoomAnew(int page, PageMapping mapping, long index, FolioHandle worn, out FolioReference folio)
    {
        // Perhaps because they are dirty. Nobody waits for that here: the page is read beside the cache, and the next one finds a victim.
        if (page == NoPage)
            Writeback.Flusher.Kick(PageMapping.PagesPerPass);
        if (TryAllocate(page, mapping, index, new PageOrder(0), worn, out folio))
            return page;
        throw _folios.Refused(new PageOrder(0));
    }

    /// <summary>As <see cref="TakeRoom"/>, for a folio of several pages. False: the pages that could give way, or the memory, don't make up one of this size. Nothing was taken, though pages may have given way.</summary>
    internal bool TryTakeLargeRoom(PageMapping mapping, long index, PageOrder order, out int page, out FolioReference folio)
    {
        page = Table.TakePlace(mapping, index, order.Value, out folio, out var worn);
        return folio.IsValid || (page != NoPage && TryAllocate(page, mapping, index, order, worn, out folio));
    }

    /// <summary>Gives a place that was taken its folio. False: there is none, and the place is free again.</summary>
    private bool TryAllocate(int page, PageMapping mapping, long index, PageOrder order, FolioHandle worn, out FolioReference folio)
    {
        if (worn.IsValid)
            _folios.FreeFrozen(worn);
        var isGot = _folios.TryAllocateToFill(order, ReferencesToFill, out folio);
        if (page != NoPage && isGot)
            Table.Add(page, folio.Handle, mapping, index);
        else if (page != NoPage)
            Table.Release(page);
        return isGot;
    }

    /// <summary>Pages that are listed to be read ahead and haven't ended.</summary>
    internal long PagesUnderWayAhead => Atomics.LoadAcquire(ref _underWayAhead);

    /// <summary>One more page may be read ahead, until <see cref="EndAhead"/>. False: so many are under way that they would displace too much, unless that is what the caller wants.</summary>
    internal bool TryBeginAhead(bool evenIfMany)
    {
        if (Atomics.Add(ref _underWayAhead, 1) <= Math.Max(1, 2L * LongestWindow) || evenIfMany)
            return true;
        Atomics.Add(ref _underWayAhead, -1);
        return false;
    }

    /// <summary>Pages that were to be read ahead are read by somebody else, or have ended.</summary>
    internal void EndAhead(int pages, int read)
    {
        Atomics.Add(ref _underWayAhead, -pages);
        _readAhead.Add(read);
    }

    internal void FillsNotCached() => _fillsNotCached.Add();

    internal void FillsDiscarded(int pages) => _fillsDiscarded.Add(pages);

    /// <summary>What is thrown when a page can't be written because no page gives way.</summary>
#pragma warning disable CA2201 // What whoever needs memory expects.
    internal OutOfMemoryException AllHeld() => new($"All {Options.CapacityPages} pages of '{Options.Name}' are held: there is none to be written to.");
#pragma warning restore CA2201

    internal void FillFailed() => _fillsFailed.Add();
}
