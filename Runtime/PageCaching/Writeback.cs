using FolioRuntime.Primitives;

namespace FolioRuntime.PageCaching;

/// <summary>
/// How many pages of a cache are dirty or being written, and who writes them: from the background limit on a thread of the pool, which stops below it again; from the other one on also whoever
/// makes another page dirty. Any thread, by atomics. Linux: <c>balance_dirty_pages</c>, <c>dirty_background_ratio</c>, <c>dirty_ratio</c>.
/// </summary>
internal sealed class Writeback(PageTable table, int backgroundPages, int limitPages) : IThreadPoolWorkItem
{
    private long _dirty;

    // 1: a thread of the pool is at it, or about to be.
    private uint _running;

    private readonly StripedCounter _written = new();
    private readonly StripedCounter _failed = new();

    public long Dirty => Atomics.LoadAcquire(ref _dirty);

    /// <summary>Whether who makes another page dirty is to write some first.</summary>
    public bool IsAtLimit => Dirty >= limitPages;

    public long Written => _written.Value;

    public long Failed => _failed.Value;

    /// <summary>A page has become dirty.</summary>
    public void Add()
    {
        if (Atomics.Add(ref _dirty, 1) > backgroundPages && Atomics.LoadAcquire(ref _running) == 0)
            Start();
    }

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
        // Ends: each turn writes a page, or nobody has one that isn't being written.
        while (IsAtLimit && (mapping.WriteBack() > 0 || WriteBackAny()))
        {
        }
    }

    /// <summary>Writes all pages that are dirty now, so that none is kept for that.</summary>
    public void WriteAll()
    {
        foreach (var mapping in table.Mappings())
            mapping.WriteBackAll();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var isBelow = false;
        try
        {
            // Ends: as Relieve.
            while (!(isBelow = Dirty <= backgroundPages) && WriteBackAny())
            {
            }
        }
        catch (OutOfMemoryException)
        {
            // Of the collector's memory. What is dirty stays so: whoever flushes finds out.
        }

        Atomics.Exchange(ref _running, 0);

        // Who made a page dirty after the last look may have found somebody at it still.
        if (isBelow && Dirty > backgroundPages)
            Start();
    }

    private void Start()
    {
        if (Atomics.Exchange(ref _running, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool WriteBackAny()
    {
        var written = 0;
        foreach (var mapping in table.Mappings())
            written += mapping.WriteBack();
        return written > 0;
    }
}
