namespace FolioRuntime.Pages;

/// <summary>
/// While it lasts, the calling thread is freeing memory: what it allocates meanwhile may come out of the reserve below the lowest watermark, and doesn't free
/// memory first, so that freeing never calls itself. Of all runtimes, as long as the thread is inside. Linux: <c>PF_MEMALLOC</c>, <c>memalloc_noreclaim_save</c>.
/// </summary>
internal ref struct ReclaimScope : IDisposable
{
    [ThreadStatic]
    private static int s_depth;

    private bool _entered;

    /// <summary>Whether the calling thread is inside.</summary>
    public static bool IsActive => s_depth != 0;

    /// <summary>From now on, until it is disposed by the same thread. Scopes may nest.</summary>
    public static ReclaimScope Enter()
    {
        s_depth++;
        return new ReclaimScope { _entered = true };
    }

    /// <summary>Ends it; of one that was never entered, does nothing.</summary>
    public void Dispose()
    {
        s_depth -= _entered ? 1 : 0;
        _entered = false;
    }
}
