namespace FolioRuntime.Primitives;

/// <summary>The latch of the instrumented build: the shipping one, with entering and leaving announced under an identity of its own.</summary>
internal sealed class Latch
{
    private static int s_last;

    private readonly Lock _lock = new();

    // Below zero, where no address is.
    private readonly nint _identity = -Interlocked.Increment(ref s_last);

    public bool IsHeld => _lock.IsHeldByCurrentThread;

    public Scope Hold()
    {
        SeamObserver.Current?.Before(SeamOperation.LatchEnter, _identity);
        _lock.Enter();
        try
        {
            SeamObserver.Current?.After(SeamOperation.LatchEnter, _identity, 0, 0);
        }
        catch
        {
            // The observer ends the thread here: nobody has the scope that would leave the latch.
            _lock.Exit();
            throw;
        }

        return new Scope(_lock, _identity);
    }

    public ref struct Scope(Lock held, nint identity)
    {
        public void Dispose()
        {
            try
            {
                SeamObserver.Current?.Before(SeamOperation.LatchLeave, identity);
            }
            finally
            {
                // Also when the observer ends the thread here: a scope that is left gives its latch back, as the shipping one's does.
                held.Exit();
            }

            SeamObserver.Current?.After(SeamOperation.LatchLeave, identity, 0, 0);
        }
    }
}
