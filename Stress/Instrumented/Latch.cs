namespace FolioRuntime.Primitives;

/// <summary>The latch of the instrumented build: the shipping one, with entering and leaving announced.</summary>
internal sealed class Latch
{
    private readonly Lock _lock = new();

    public bool IsHeld => _lock.IsHeldByCurrentThread;

    public Scope Hold()
    {
        SeamObserver.Current?.Before(SeamOperation.LatchEnter, 0);
        _lock.Enter();
        SeamObserver.Current?.After(SeamOperation.LatchEnter, 0, 0, 0);
        return new Scope(_lock);
    }

    public ref struct Scope(Lock held)
    {
        public void Dispose()
        {
            SeamObserver.Current?.Before(SeamOperation.LatchLeave, 0);
            held.Exit();
            SeamObserver.Current?.After(SeamOperation.LatchLeave, 0, 0, 0);
        }
    }
}
