using FolioRuntime.Folios;
using FolioRuntime.Primitives;
using FolioRuntime.Reclaiming;

namespace FolioRuntime.Tests.Reclaiming;

/// <summary>A cache of folios that keeps what it is given until it is asked for some back. Any thread; what a test plants runs inside the calls.</summary>
internal sealed class HoardingShrinker(PoolRuntime pool) : IShrinker
{
    private readonly Stack<FolioHandle> _folios = new();
    private readonly Lock _lock = new();
    private int _counts;
    private int _scans;

    /// <summary>Called at each count, before it.</summary>
    public Action? Counting { get; set; }

    /// <summary>Called at each scan, before it frees anything.</summary>
    public Action<long>? Scanning { get; set; }

    public int Counts => _counts;

    public int Scans => _scans;

    public int Held
    {
        get
        {
            lock (_lock)
                return _folios.Count;
        }
    }

    /// <summary>Takes everything that is to be had. Before it is registered, since it would be asked for what it takes.</summary>
    public HoardingShrinker Hoard()
    {
        while (pool.Folios.TryRent(new PageOrder(0), out var folio))
            Keep(folio);
        return this;
    }

    public void Keep(FolioHandle folio)
    {
        lock (_lock)
            _folios.Push(folio);
    }

    public void Drop()
    {
        while (TryTake(out var folio))
            pool.Folios.Return(folio);
    }

    public long Count()
    {
        Interlocked.Increment(ref _counts);
        Counting?.Invoke();
        return Held;
    }

    public long Scan(long count)
    {
        Interlocked.Increment(ref _scans);
        Scanning?.Invoke(count);
        var freed = 0L;
        for (; freed < count && TryTake(out var folio); freed++)
            pool.Folios.Return(folio);
        return freed;
    }

    private bool TryTake(out FolioHandle folio)
    {
        lock (_lock)
            return _folios.TryPop(out folio);
    }
}
