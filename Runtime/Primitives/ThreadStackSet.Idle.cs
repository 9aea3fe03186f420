namespace FolioRuntime.Primitives;

/// <content>Giving up what nobody works with.</content>
internal sealed partial class ThreadStackSet
{
    /// <summary>Empties the stacks whose owners changed nothing in them since the last call, those of threads that have ended, and of the depot what was there at every moment since. Threads at work are not disturbed.</summary>
    public void DrainIdle(ThreadStackSink sink)
    {
        using (_latch.Hold())
        {
            DrainEndedUnsynchronized();
            _ = UpdateTotalsUnsynchronized();
            var idle = _stacks.FindAll(member => _allocated[member.Stack].LookForIdle(member.Stack));
            if (idle.Count > 0 && !_closed)
                DrainUnsynchronized(idle, sink, reopen: true);
            if (Depot is { } depot)
            {
                depot.DrainIdle(sink);
                _contentionBefore = depot.Contention;
            }
        }
    }
}
