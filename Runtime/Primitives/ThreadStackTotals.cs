namespace FolioRuntime.Primitives;

/// <summary>How many items were ever popped and pushed. Never less than at an earlier look; exact when every thread is quiet.</summary>
/// <param name="Pops">Items that owners took one at a time or several in one section; not those that were flushed or emptied out.</param>
/// <param name="Pushes">Items that owners added likewise; not those that were refilled.</param>
internal readonly record struct ThreadStackTotals(long Pops, long Pushes)
{
    public static ThreadStackTotals operator +(ThreadStackTotals left, ThreadStackTotals right) => new(left.Pops + right.Pops, left.Pushes + right.Pushes);
}
