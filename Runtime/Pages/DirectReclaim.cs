namespace FolioRuntime.Pages;

/// <summary>
/// What an allocation that finds no memory does before it fails: has some freed, step by step, and tries again after each.
/// <code>
///   try ── no ─► free some ── freed ─► try ── no ─► free some ─ … ─ nothing more ─► try once more, with the reserve ── no ─► fail
/// </code>
/// What there is to free in which step, <see cref="PageAllocator.Reclaim"/> knows. User code runs in it: the caller holds no latch. A thread that is freeing
/// memory already frees none. Linux: <c>__alloc_pages_slowpath</c>, <c>__alloc_pages_direct_reclaim</c>.
/// </summary>
internal ref struct DirectReclaim(PageAllocator pages) : IDisposable
{
    private readonly PageAllocator _pages = pages;
    private int _step;
    private bool _isOver;
    private ReclaimScope _lastAttempt;

    /// <summary>Frees some memory, or opens the reserve for the caller until this is disposed. True: try again. False: there is no more to be had. Ends: false comes after few calls.</summary>
    public bool TryFreeSome()
    {
        if (_isOver || ReclaimScope.IsActive)
            return false;
        if (_pages.Reclaim?.Invoke(_step++) == true)
            return true;
        _isOver = true;
        if (!_pages.HasReserve)
            return false;
        _lastAttempt = ReclaimScope.Enter();
        return true;
    }

    /// <summary>Closes the reserve again.</summary>
    public void Dispose() => _lastAttempt.Dispose();
}
