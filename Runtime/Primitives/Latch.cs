namespace FolioRuntime.Primitives;

/// <summary>
/// A short, exclusive, non-reentrant-by-convention lock on one structure, held for bounded work and never across user
/// code. A part of the seam, like <see cref="Atomics"/>: the instrumented build replaces it so that waiting is a
/// scheduling point. The order in which latches nest is in docs/ARCHITECTURE.md.
/// </summary>
internal sealed class Latch
{
    private readonly Lock _lock = new();

    /// <summary>Whether the calling thread holds it. For assertions.</summary>
    public bool IsHeld => _lock.IsHeldByCurrentThread;

    /// <summary>Waits until the latch is free and takes it; disposing the scope gives it back, also when an exception passes.</summary>
    public Lock.Scope Hold() => _lock.EnterScope();
}
