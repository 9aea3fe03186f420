namespace FolioRuntime.Primitives;

/// <content>Whether anybody works with the stack, told by what its owner does anyway when it is empty or full: pushes and pops say nothing.</content>
internal readonly unsafe partial struct ThreadStack
{
    /// <summary>
    /// Whether it holds as many items and messages as at the last call and was neither refilled nor flushed since, and has any. Under the set's latch. An owner who pops
    /// and pushes in pairs, within what the stack holds, looks idle too: it then refills once.
    /// </summary>
    public bool LookForIdle()
    {
        var (count, exchanges) = (Count + Sent, _block->Exchanges);
        var isIdle = count > 0 && count == _block->CountAtLook && exchanges == _block->ExchangesAtLook;
        (_block->CountAtLook, _block->ExchangesAtLook) = (count, exchanges);
        return isIdle;
    }
}
