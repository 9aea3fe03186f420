namespace FolioRuntime.Primitives;

/// <summary>
/// Notices that a thread has ended: only the thread's static field holds it, so its finalizer runs afterwards, and has what the
/// thread kept in its stacks given back.
/// </summary>
internal sealed class ThreadExit
{
    [ThreadStatic]
    private static ThreadExit? s_current;

    private readonly ThreadTable _table = new();

    ~ThreadExit()
    {
        foreach (var reference in _table.End())
        {
            if (reference.TryGetTarget(out var set))
                set.DrainEnded();
        }
    }

    /// <summary>The calling thread's table.</summary>
    public static ThreadTable Table => (s_current ??= new ThreadExit())._table;
}
