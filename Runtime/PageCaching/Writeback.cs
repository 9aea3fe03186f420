using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// How many pages of a cache are dirty or being written, and who writes them: the flusher in the background; from the limit on also whoever makes another page dirty. Any thread, by atomics.
/// Linux: <c>balance_dirty_pages</c>, <c>dirty_background_ratio</c>, <c>dirty_ratio</c>.
/// </summary>
internal sealed class Writeback
{
    private readonly PageTable _table;
    private readonly int _limitPages;
    private long _dirty;

    private readonly StripedCounter _written = new();
    private readonly StripedCounter _failed = new();

    public Writeback(PageTable table, PageCacheOptions options, TimeProvider time)
    {
        _table = table;
        _limitPages = Math.Max(1, PagesOf(options.DirtyPercent));
        Flusher = new Flusher(table, this, PagesOf(options.DirtyBackgroundPercent), options, time);

        int PagesOf(int percent) => (int)((long)options.CapacityPages * percent / 100);
    }

    public Flusher Flusher { get; }

    public long Dirty => Atomics.LoadAcquire(ref _dirty);

    /// <summary>Whether who makes another page dirty is to write some first.</summary>
    public bool IsAtLimit => Dirty >= _limitPages;

    public long Written => _written.Value;

    public long Failed => _failed.Value;

    /// <summary>A page has become dirty.</summary>
    public void Add() => Flusher.NoteDirty(Atomics.Add(ref _dirty, 1));

    /// <summary>Pages aren't dirty any more: written, lost, or cut off.</summary>
    public void Remove(int pages) => Atomics.Add(ref _dirty, -pages);

    public void Count(int written, int failed)
    {
        _written.Add(written);
        _failed.Add(failed);
    }

    /// <summary>Writes pages until there are fewer than the limit, those of one mapping first. The caller holds nothing that a write waits for.</summary>
    public void Relieve(PageMapping mapping)
    {
        // Who is in a store, or cleans a page, would wait for himself, or for another who does.
        if (!IsAtLimit || Flusher.IsInWriteback())
            return;

        // Ends: each turn writes a page, or nobody has one that isn't being written.
        while (IsAtLimit && (mapping.WriteBack() > 0 || WriteBackAny() > 0))
        {
        }
    }

    /// <summary>Writes all pages that are dirty now, so that none is kept for that. Not from inside a store.</summary>
    public void WriteAll()
    {
        if (Flusher.IsInWriteback())
            return;
        foreach (var mapping in _table.Mappings())
            mapping.WriteBackAll();
    }

    /// <summary>Writes some pages of each mapping.</summary>
    /// <returns>How many it were; 0: nobody has one that isn't being written.</returns>
    public int WriteBackAny()
    {
        var written = 0;
        foreach (var mapping in _table.Mappings())
            written += mapping.WriteBack();
        return written;
    }
}
