namespace FolioRuntime.Primitives;

/// <content>Whether anybody works with the stack, told by what its owner does anyway when it is empty or full: pushes and pops say nothing.</content>
internal sealed partial class ThreadStack
{
    [Glance("Only compared with an earlier value: a step missed now is seen at the next look, or the stack is emptied once for nothing.")]
    private uint _exchanges;

    // Under the set's latch: as they were at the last look.
    private uint _exchangesAtLook;
    private int _countAtLook;

    /// <summary>Refills and flushes so far. A glance.</summary>
    [Glance("As above.")]
    private uint Exchanges => _exchanges;

    /// <summary>
    /// Whether it holds as many items and messages as at the last call and was neither refilled nor flushed since, and has any. Under the set's latch. An owner who pops
    /// and pushes in pairs, within what the stack holds, looks idle too: it then refills once.
    /// </summary>
    public bool LookForIdle()
    {
        var (count, exchanges) = (Count + Sent, Exchanges);
        var isIdle = count > 0 && count == _countAtLook && exchanges == _exchangesAtLook;
        (_countAtLook, _exchangesAtLook) = (count, exchanges);
        return isIdle;
    }
}
