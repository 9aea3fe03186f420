namespace FolioRuntime.Caching.Verifying;

/// <summary>
/// What something is, was and is about to be, in steps: a step is begun before it is made and ended after it was. Whoever looks notes <see cref="Ended"/> before and <see cref="Begun"/>
/// afterwards; whatever he has seen is then one of the states of these steps. One changes it at a time; anybody looks.
/// </summary>
internal sealed class History
{
    /// <summary>So many of the last states are kept.</summary>
    public const int Depth = 64;

    private readonly long[] _states = new long[Depth];
    private long _begun;
    private long _ended;

    public History(long first) => _states[0] = first;

    /// <summary>The last step that is over.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>The last step that may have been made.</summary>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>For whoever changes it.</summary>
    public long Last => _states[_begun % Depth];

    /// <summary>The state after a step.</summary>
    public long this[long step] => Volatile.Read(ref _states[step % Depth]);

    /// <summary>Whether all states since a step are still known.</summary>
    public bool Reaches(long step) => Begun - step < Depth - 1;

    public void Begin(long state)
    {
        Volatile.Write(ref _states[(_begun + 1) % Depth], state);
        Volatile.Write(ref _begun, _begun + 1);
        Interlocked.MemoryBarrier();
    }

    public void End() => Volatile.Write(ref _ended, _begun);
}
