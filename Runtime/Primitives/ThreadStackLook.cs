namespace FolioRuntime.Primitives;

/// <summary>
/// What looks at one <see cref="ThreadStack"/> have seen, kept apart from it because its owner has no use for it. Guarded by the set's latch, which also keeps those out who empty the stack.
/// It lives as long as the stack's memory, whichever threads have that in turn.
/// </summary>
internal sealed class ThreadStackLook
{
    private StackTally _tally;
    private int _heldAtLook;
    private long _exchangedAtLook;
    private StackTally _tallyAtLook;

    /// <summary>What was popped and pushed up to the last <see cref="Update"/>.</summary>
    public ThreadStackTotals Totals { get; private set; }

    /// <summary>Takes in what was popped and pushed since the last call. To be called at least every 2^48 pops (<see cref="StackTally"/>).</summary>
    public void Update(ThreadStack stack)
    {
        var (tally, movedIn, movedOut) = stack.Glance();
        var pops = Totals.Pops + tally.PopsSince(_tally);
        _tally = tally;

        // What is there, and what went, came by a push or was moved in. An exchange under way makes it less than it is, never more, and then what was known stands.
        Totals = new ThreadStackTotals(pops, Math.Max(Totals.Pushes, tally.Count + pops + movedOut - movedIn));
    }

    /// <summary>
    /// Whether it holds as many items and messages as at the last call and nothing was popped, refilled or flushed since, and has any.
    /// </summary>
    public bool LookForIdle(ThreadStack stack)
    {
        var (tally, movedIn, movedOut) = stack.Glance();
        var (held, exchanged) = (tally.Count + stack.Sent, movedIn + movedOut);
        var isIdle = held > 0 && held == _heldAtLook && exchanged == _exchangedAtLook && tally.PopsSince(_tallyAtLook) == 0;
        (_heldAtLook, _exchangedAtLook, _tallyAtLook) = (held, exchanged, tally);
        return isIdle;
    }
}
