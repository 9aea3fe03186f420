namespace FolioRuntime.Primitives;

/// <content>
/// Whether a stack is too small for how its owner works, told by what its owner does anyway when it is empty or full.
/// It grows where it is, in a section of its owner's, so what another took out of it doesn't come back, nor count twice (L8).   [stack-grows-against-drain, grown-list]
/// </content>
internal readonly unsafe partial struct ThreadStack
{
    private const int TurnsBorne = 3;

    /// <summary>
    /// Whether its owner flushed what it then had to refill, or the other way round, more often than is borne since the stack last grew: what goes to and fro is more than it holds. A
    /// thread that only takes, or only gives, never does. Owner only.
    /// </summary>
    public bool IsTooSmall => (_block->Turns >> 1) - (_block->TurnsBefore >> 1) > TurnsBorne;

    /// <summary>Lets more items in, up to what there is room for. False: another thread is emptying it. Owner only.</summary>
    public bool TryGrow(int capacity)
    {
        if (!TryEnter())
            return false;
        Invariant.Require(capacity >= _block->Capacity && capacity <= _block->Room, "a stack grows within its memory");
        _block->Capacity = capacity;
        _block->TurnsBefore = _block->Turns;
        Leave();
        return true;
    }

    private void Turn(bool flushes)
    {
        var last = flushes ? 1u : 0u;
        if ((_block->Turns & 1) != last)
            _block->Turns = (((_block->Turns >> 1) + 1) << 1) | last;
    }
}
