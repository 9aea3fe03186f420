namespace FolioRuntime.Primitives;

/// <content>What was popped and pushed by all threads that there ever were.</content>
internal sealed partial class ThreadStackSet
{
    // Under the latch: of stacks whose memory was given back.
    private ThreadStackTotals _totalsFreed;

    /// <summary>Pops and pushes of all stacks, those of threads that have ended and of a closed set included.</summary>
    public ThreadStackTotals Totals
    {
        get
        {
            using (_latch.Hold())
                return UpdateTotalsUnsynchronized();
        }
    }

    private ThreadStackTotals UpdateTotalsUnsynchronized()
    {
        var sum = _totalsFreed;
        foreach (var (stack, look) in _allocated)
        {
            look.Update(stack);
            sum += look.Totals;
        }

        GC.KeepAlive(this);
        return sum;
    }

    /// <summary>Gives back the memory of a stack that nobody uses, and keeps what it counted.</summary>
    private void FreeUnsynchronized(ThreadStack stack)
    {
        if (!_allocated.Remove(stack, out var look))
            return;
        look.Update(stack);
        _totalsFreed += look.Totals;
        stack.Free();
    }
}
