namespace FolioRuntime.Race.Hazards;

/// <summary>What a pool of objects pools in <see cref="PoolEndScene"/>.</summary>
internal sealed class PoolItem : IDisposable
{
    private int _holders;
    private int _disposals;

    public int Disposals => Volatile.Read(ref _disposals);

    /// <summary>Somebody got it. False: somebody else has it.</summary>
    public bool TryHold() => Interlocked.Increment(ref _holders) == 1;

    public void LetGo() => Interlocked.Decrement(ref _holders);

    public void Dispose() => Interlocked.Increment(ref _disposals);
}
