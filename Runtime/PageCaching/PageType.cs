using FolioRuntime.Folios;
using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// Pages of a cache that aren't a file's: nodes of an index, or whatever else fits into 4096 bytes and can be made anew when it is asked for after it had to give way. They share the cache's capacity, policy and memory with its
/// files, and have a constructor, a destructor and a key. Made by <see cref="PageCache.AddType"/>. Thread-safe.
/// <code>
///   TryGet, by key or handle   the page, if it is there, with a counted reference
///   GetOrAdd                   the same, constructed first if need be
///   TryRead                    some bytes of it, without a reference
///   TryChange                  the page, for one who changes it
///   Drop                       out of the cache; destroyed now, or by the last reference
/// </code>
/// It is a mapping of the cache whose pages come from a constructor: how a look-up, a fill and a reclaim go is told in docs/PAGE_CACHE.md. Keys go from 0 to 2^34 and should lie close together, as page numbers do: the index
/// takes 8 bytes for each key near one that was ever used, and 16 for every 1,024 keys below the highest.
/// </summary>
public sealed class PageType : IFolioType, IDisposable
{
    private readonly FolioAllocator _folios;
    private readonly AccessRings? _hits;
    private readonly PageMapping _mapping;
    private readonly StripedCounter _constructed = new();
    private readonly StripedCounter _destroyed = new();
    private readonly StripedCounter _cleaned = new();
    private readonly StripedCounter _cleansFailed = new();

    // One for each page that was constructed and not destroyed, and one for the mapping: with the last of them nobody asks for the type any more. Writers: whoever begins or ends one of these.
    // L1: a page that outlives the mapping is destroyed by its type's destructor still.   [cache-type-dispose-against-construct]
    private long _holds = 1;

    internal PageType(PageCache cache, FolioAllocator folios, AccessRings? hits, PageTypeOptions options, Func<PageType, PageMapping> map)
    {
        Cache = cache;
        Options = options;
        _folios = folios;
        _hits = hits;
        Number = folios.AddType(this);
        _mapping = map(this);
    }

    /// <summary>The cache that it is a part of.</summary>
    public PageCache Cache { get; }

    /// <summary>What it was made with.</summary>
    public PageTypeOptions Options { get; }

    /// <summary>Most pages that it may have in the cache, as <see cref="PageMapping.QuotaPages"/> of a file; 0, the default: as many as the cache has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below zero.</exception>
    public int QuotaPages
    {
        get => _mapping.QuotaPages;
        set => _mapping.QuotaPages = value;
    }

    /// <summary>The counts as they stand.</summary>
    public PageTypeStatistics Statistics => new()
    {
        Name = Options.Name,
        PagesInUse = _mapping.PagesInUse,
        Constructed = _constructed.Value,
        Destroyed = _destroyed.Value,
        Cleaned = _cleaned.Value,
        CleansFailed = _cleansFailed.Value,
    };

    string IFolioType.Name => Options.Name;

    /// <summary>What its pages' frames say.</summary>
    internal uint Number { get; }

    internal PageMapping Mapping => _mapping;

    /// <summary>Whether a page that is dirty has to be cleaned before it goes.</summary>
    internal bool Cleans => Options.Clean is not null;

    /// <summary>The page with a key, if it is there.</summary>
    /// <param name="key">Which page.</param>
    /// <param name="page">A reference, to be disposed, as <see cref="PageMapping.TryGetFolio"/> gives one: the page stays, and if it is dropped meanwhile, stays out of the cache. The default on failure.</param>
    /// <returns>False: it isn't there, or somebody is about to take it out.</returns>
    public bool TryGet(long key, out FolioReference page) => _mapping.TryGetFolio(key, out page);

    /// <summary>
    /// The page that a handle names, by one look-up less than by its key. Call it with any handle, of any age and origin: one of a page that has gone, of a file's page, of another type's or of another runtime's is rejected, whatever
    /// is in its place by now. Whoever is rejected may find himself with the last reference on somebody else's page for an instant, and then ends that: by that page's own destructor.
    /// </summary>
    /// <param name="handle">That of a reference that was got or made once: <see cref="FolioReference.Handle"/>.</param>
    /// <param name="page">As by key.</param>
    /// <returns>False: as by key, or it isn't the handle of a page of this type.</returns>
    public bool TryGet(FolioHandle handle, out FolioReference page)
    {
        // C10: the handle's generation is that of one page, whose type doesn't change, so it is asked for once there is a reference; and C3: so is the index.   [cache-type-…]
        if (_folios.TryGet(handle, out page))
        {
            if (_folios.IsOfType(handle, Number, out var key) && _mapping.Find(key) == handle)
            {
                _hits?.Note(handle.Frame);
                return true;
            }

            page.Dispose();
        }

        page = default;
        return false;
    }

    /// <summary>The page with a key, constructed if it isn't there.</summary>
    /// <param name="key">Which page: from 0 and below 2^34.</param>
    /// <returns>A reference, to be disposed; as by <see cref="TryGet(long, out FolioReference)"/>.</returns>
    /// <exception cref="OutOfMemoryException">There is no memory for it, or every page of the cache is held. Nothing was constructed.</exception>
    /// <exception cref="ObjectDisposedException">The type or its cache is disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such key.</exception>
    /// <remarks>What the constructor throws passes through, to everybody who waited for it too.</remarks>
    public FolioReference GetOrAdd(long key)
    {
        RequireKey(key);
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        return _mapping.GetOrConstruct(key);
    }

    /// <summary>Copies some bytes of a page out, if it is there, without a reference: up to 512 bytes write nothing that is shared, and are of one moment. Longer ones are copied under a reference, while somebody may change the page.</summary>
    /// <param name="key">Which page.</param>
    /// <param name="offsetBytes">Where in the page to begin.</param>
    /// <param name="destination">Filled on success, untouched on failure.</param>
    /// <returns>False: it isn't there, is being changed, or was just now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within a page.</exception>
    public bool TryRead(long key, int offsetBytes, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offsetBytes, (uint)PageOrder.FrameBytes, nameof(offsetBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, PageOrder.FrameBytes - offsetBytes, nameof(destination));
        return _mapping.TryReadCached(key, offsetBytes, destination);
    }

    /// <summary>
    /// Begins a change of a page: waits until nobody else is changing it, and keeps <see cref="TryRead"/> from it until the change is disposed. Those who have references see it as it is being made. If the type has
    /// <see cref="PageTypeOptions.Clean"/> the page is dirty from here on, and isn't given up before it is clean again. One thread may change several pages; in which order they are begun is for all who do to agree on.
    /// </summary>
    /// <param name="page">A reference on a page of this type.</param>
    /// <param name="change">The change, to be disposed; the default on failure.</param>
    /// <returns>False: the page was dropped, by somebody or by the type's end. There may be another one with its key by now.</returns>
    /// <exception cref="ArgumentException">The reference is on something else. Nothing has changed.</exception>
    public bool TryChange(FolioReference page, out PageChange change)
    {
        if (!page.IsOf(_folios) || !_folios.IsOfType(page.Handle, Number, out var key))
            throw new ArgumentException($"{page.Handle} is no page of '{Options.Name}'.", nameof(page));
        var isBegun = _mapping.TryBeginChange(page, key, out var own);
        change = isBegun ? new PageChange(_mapping, own, key) : default;
        return isBegun;
    }

    /// <summary>
    /// Takes a page out of the cache, dirty or not: it isn't cleaned any more, nor afterwards, since a call that is under way is waited for. It is destroyed now, or when the last reference on it is disposed. A page that is being
    /// constructed is destroyed as soon as it is there, and constructed anew for those who wait.
    /// </summary>
    /// <param name="key">Which page.</param>
    /// <returns>False: it wasn't there, or somebody else has just taken it out.</returns>
    /// <exception cref="ObjectDisposedException">The type or its cache is disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such key.</exception>
    public bool Drop(long key)
    {
        RequireKey(key);
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        return _mapping.DropPage(key);
    }

    /// <summary>Cleans what is dirty, except pages that are being changed at this moment. Those stay dirty, as do those where it fails.</summary>
    /// <returns>How many pages are dirty still.</returns>
    /// <exception cref="IOException">It failed for a page, now or in the background since the last call: the last such failure is the inner exception. The others were cleaned.</exception>
    /// <exception cref="ObjectDisposedException">The type or its cache is disposed.</exception>
    public int Clean()
    {
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        try
        {
            _mapping.Flush();
        }
        catch (IOException failure)
        {
            throw new IOException($"Not every page of '{Options.Name}' could be cleaned: {failure.InnerException?.Message}", failure.InnerException);
        }

        return _mapping.DirtyPages;
    }

    /// <summary>Ends the type: cleans what is dirty, as far as it can be, and drops all pages. Those that somebody holds are destroyed by the last reference. Idempotent; disposing the cache does it too.</summary>
    public void Dispose() => _mapping.Dispose();

    void IFolioType.Destruct(long key, Span<byte> bytes)
    {
        try
        {
            Options.Destroy?.Invoke(key, bytes);
        }
        finally
        {
            _destroyed.Add();
            Release();
        }
    }

    /// <summary>A page was constructed: its frame has the type from here on.</summary>
    internal void Constructed(FolioHandle handle, long key)
    {
        _constructed.Add();
        Atomics.Add(ref _holds, 1);
        _folios.SetType(handle, Number, key);
    }

    internal void CountCleans(int cleaned, int failed)
    {
        _cleaned.Add(cleaned);
        _cleansFailed.Add(failed);
    }

    /// <summary>The mapping has ended, or a page has.</summary>
    internal void Release()
    {
        if (Atomics.Add(ref _holds, -1) == 0)
            _folios.RemoveType(Number);
    }

    private static void RequireKey(long key)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(key, PageIndex.IndexLimit);
    }
}
